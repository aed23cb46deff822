"""What narrows the audit log."""

from typing import Any

from auditlog.models import LogEntry
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches import audit
from branches.forms import DayInput


class AuditFilter(forms.Form):
    q = forms.CharField(label=_("操作人"), required=False, max_length=50)
    model = forms.ChoiceField(label=_("对象"), required=False)
    first = forms.DateField(label=_("自"), required=False, widget=DayInput())
    last = forms.DateField(label=_("至"), required=False, widget=DayInput())

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].choices = [("", _("全部对象")), *audit.model_choices()]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        return data

    def narrow(self, entries: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        """Keep what was asked for; nothing at all while the question is wrong."""
        if not self.is_valid():
            return entries.none()
        wanted = self.cleaned_data
        entries = audit.between(entries, wanted["first"], wanted["last"])
        if words := wanted["q"].strip():
            entries = audit.by_person(entries, words)
        if wanted["model"]:
            entries = audit.of_model(entries, wanted["model"])
        return entries
