"""Uploading a list, and confirming what it will do."""

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms import laid_out
from branches.models import ImportKind, Organization
from branches.roster.reading import MAX_BYTES


class UploadForm(forms.Form):
    """A spreadsheet, what it lists, and for which part of the tree."""

    kind = forms.ChoiceField(
        label=_("导入什么"),
        choices=ImportKind.choices,
        initial=ImportKind.ROSTER,
        widget=forms.RadioSelect,
    )
    organization = forms.ChoiceField(label=_("导入到"))
    file = forms.FileField(
        label=_("电子表格"),
        help_text=_("Excel（.xlsx）或 .csv，不超过20 MB、5万行。文件读完即删，不保存。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": _("文件是空的。")},
    )

    def __init__(self, *args, places: list[Organization], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        field = self.fields["organization"]
        field.choices = [(key, str(place)) for key, place in self.places.items()]
        if len(places) == 1:
            field.initial, field.widget = places[0].pk, forms.HiddenInput()
        self.helper = laid_out(Field("kind", wrapper_class="chips"), "organization")

    def clean_organization(self) -> Organization:
        return self.places[self.cleaned_data["organization"]]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过20 MB，请删去图片或拆成几份。"))
        return file


class ApplyForm(forms.Form):
    """All or nothing, unless the good rows alone are asked for."""

    partial = forms.BooleanField(label=_("只导入无误的行"), required=False)

    helper = laid_out()
