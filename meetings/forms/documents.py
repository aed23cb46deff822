"""What may be asked for: a document of a branch's year, and a calendar address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.forms.fields import LongSelect
from meetings.models import DocumentKind

# Of a meeting they are asked for on its own page.
OF_A_YEAR = (DocumentKind.HANDBOOK, DocumentKind.ATTENDANCE, DocumentKind.ACTIVITY)
OF_A_MEETING = (DocumentKind.MINUTES_DOCX, DocumentKind.MINUTES_PDF)
YEARS_BACK = 5


class DocumentForm(forms.Form):
    """A document of a year, for a branch or, the ledgers, for a whole township."""

    kind = forms.ChoiceField(label=_("文件"), choices=[(k.value, k.label) for k in OF_A_YEAR])
    organization = forms.TypedChoiceField(label=_("党组织"), coerce=int, widget=LongSelect)
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)

    def __init__(self, organizations, year: int, data=None) -> None:
        """`organizations` are (id, name) of what the person may read, `year` is the present one."""
        super().__init__(data)
        self.fields["organization"].choices = organizations
        self.fields["year"].choices = [(n, n) for n in range(year, year - YEARS_BACK, -1)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class MinutesForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.label) for k in OF_A_MEETING])


class FeedForm(forms.Form):
    """Empty: all that concerns the person, whom an observer is not."""

    branch = forms.TypedChoiceField(
        label=_("日历内容"), coerce=int, empty_value=None, required=False, widget=LongSelect
    )

    def __init__(self, branches, data=None, *, is_concerned: bool) -> None:
        super().__init__(data)
        everything = [("", _("与我有关的全部会议"))] if is_concerned else []
        self.fields["branch"].required = not is_concerned
        self.fields["branch"].choices = [*everything, *branches]
        self.fields["branch"].widget.attrs["class"] = "form-select"
