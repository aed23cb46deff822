"""Which fields the upper platform's form has, in which order and under which names."""

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from meetings.reports.fill_in import LABELS


class FillInRow(forms.Form):
    code = forms.ChoiceField(
        label=_lazy("内容"), choices=[("", "—"), *LABELS.items()], required=False
    )
    label = forms.CharField(
        label=_lazy("平台上的名称"),
        max_length=30,
        required=False,
        help_text=_lazy("不填则用左边的名称"),
    )


class BaseFillInFormSet(BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("次序")
        form.fields["DELETE"].label = _("去掉这一栏")

    def clean(self) -> None:
        if any(self.errors):
            return
        codes = [code for code, _label in self.fields_wanted()]
        if not codes:
            raise forms.ValidationError(_("请至少保留一栏。"))
        if len(set(codes)) < len(codes):
            raise forms.ValidationError(_("同一内容只能用一次，请去掉重复的栏目。"))

    def fields_wanted(self) -> list[tuple[str, str]]:
        """Return code and label in the order chosen."""
        rows = [form.cleaned_data for form in self.ordered_forms]
        return [
            (row["code"], row["label"].strip() or str(LABELS[row["code"]]))
            for row in rows
            if row.get("code")
        ]


FillInFormSet = formset_factory(
    FillInRow,
    formset=BaseFillInFormSet,
    extra=1,
    can_order=True,
    can_delete=True,
    max_num=len(LABELS),
    validate_max=True,
)
