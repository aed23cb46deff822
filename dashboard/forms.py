from datetime import date

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from branches.models import BranchType, Organization
from meetings.rules import Span

EARLIEST_YEAR = 2000


class MatrixFilter(forms.Form):
    """What narrows the matrix; the period and the township come from links and stay."""

    period = forms.CharField(required=False, widget=forms.HiddenInput)
    within = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    type = forms.ChoiceField(
        label=_("支部类型"), required=False, choices=[("", _("全部类型")), *BranchType.choices]
    )
    behind = forms.BooleanField(label=_("只看未完成的"), required=False)

    def narrow(self, branches: "QuerySet[Organization]") -> "QuerySet[Organization]":
        if township := self.wanted("within"):
            branches = branches.filter(township=township)
        if branch_type := self.wanted("type"):
            branches = branches.filter(branch_type=branch_type)
        return branches

    def wanted(self, name: str):
        return self.cleaned_data.get(name) if self.is_valid() else None


def read_span(text: str, today: date) -> Span:
    """Return the period of an address, the present month for none; nonsense is a 404."""
    if not text:
        return Span.containing(today, "month")
    try:
        span = Span.parse(text)
    except (ValueError, KeyError, IndexError) as error:
        raise Http404 from error
    if not EARLIEST_YEAR <= span.start.year <= today.year + 1:
        raise Http404
    return span
