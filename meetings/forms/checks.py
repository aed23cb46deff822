"""Forms of the automatic checks: filters, a reason, switches, dated documents, shared texts."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches.forms import DayInput, laid_out
from branches.models import Organization
from meetings.checks.base import Check, CheckClass, registry
from meetings.models import CheckResult, DatedDocument, SharedText
from meetings.reports.check_results import codes_of
from meetings.reports.check_settings import Setting, Settings
from meetings.rules import Span

from .fields import LongSelect

MOST_THRESHOLD = 999


class CheckFilterForm(forms.Form):
    """What narrows the list of what was found."""

    OPEN, SUSPICIONS, EXPLAINED = "open", "suspicions", "explained"

    branch = forms.TypedChoiceField(
        label=_lazy("党支部"), coerce=int, empty_value=None, required=False, widget=LongSelect
    )
    kind = forms.ChoiceField(
        label=_lazy("性质"),
        choices=[
            ("", _lazy("全部")),
            (CheckClass.RULE.value, _lazy("规定")),
            (CheckClass.LOCAL.value, _lazy("本地要求")),
        ],
        required=False,
    )
    code = forms.ChoiceField(label=_lazy("检查项"), required=False)
    month = forms.RegexField(
        label=_lazy("月份"),
        regex=r"^\d{4}-(0[1-9]|1[0-2])$",
        required=False,
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"invalid": _lazy("月份应写成“2026-11”的形式。")},
    )
    show = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, branches: "QuerySet[Organization]", *, data: Any, show: str) -> None:
        super().__init__(data)
        self.show = show
        choices = list(branches.values_list("pk", "short_name"))
        self.fields["branch"].choices = [("", _("全部")), *choices]
        self.fields["show"].initial = show
        is_suspicion = show == self.SUSPICIONS
        kinds = [CheckClass.SUSPICION] if is_suspicion else [CheckClass.RULE, CheckClass.LOCAL]
        self.fields["code"].choices = [
            ("", _("全部")),
            *(
                (check.code, _(check.title))
                for check in registry
                if check.kind in kinds or show == self.EXPLAINED
            ),
        ]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "month" else "form-select"
        if len(choices) < 2:
            del self.fields["branch"]
        if is_suspicion:
            del self.fields["kind"]

    def narrow(self, results: "QuerySet[CheckResult]") -> "QuerySet[CheckResult]":
        """Keep the part that is looked at and what was asked for; nonsense keeps nothing out."""
        self.is_valid()
        suspicions = codes_of(CheckClass.SUSPICION)
        if self.show == self.EXPLAINED:
            results = results.filter(explained_at__isnull=False)
        elif self.show == self.SUSPICIONS:
            results = results.open().filter(code__in=suspicions)
        else:
            results = results.open().exclude(code__in=suspicions)
        wanted = self.cleaned_data
        if branch_id := wanted.get("branch"):
            results = results.filter(branch=branch_id)
        if kind := wanted.get("kind"):
            results = results.filter(code__in=codes_of(CheckClass(kind)))
        if code := wanted.get("code"):
            results = results.filter(code=code)
        if month := wanted.get("month"):
            span = Span.parse(month)
            results = results.filter(day__gte=span.start, day__lte=span.end)
        return results

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "show")


class ReasonForm(forms.Form):
    """Why what a check found is as it is."""

    reason = forms.CharField(
        label=_lazy("原因"),
        max_length=CheckResult._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _lazy("请写明原因。")},
    )


class CheckSettingsForm(forms.Form):
    """All checks with their switches and numbers; a number left empty is the default again."""

    def __init__(self, settings: Settings, data: Any = None) -> None:
        super().__init__(data)
        for check in registry:
            setting = settings[check.code]
            self.fields[f"on_{check.code}"] = forms.BooleanField(
                label=_("启用"), required=False, initial=setting.is_on
            )
            if check.threshold:
                self.fields[f"number_{check.code}"] = forms.IntegerField(
                    label=_(check.unit),
                    required=False,
                    min_value=1,
                    max_value=MOST_THRESHOLD,
                    initial=setting.threshold,
                    widget=forms.NumberInput(attrs={"class": "form-control"}),
                )

    @cached_property
    def rows(self) -> list[tuple[Check, forms.BoundField, forms.BoundField | None]]:
        """Return each check with the fields of its switch and its number."""
        return [
            (
                check,
                self[f"on_{check.code}"],
                self[f"number_{check.code}"] if check.threshold else None,
            )
            for check in registry
        ]

    def wanted(self) -> Settings:
        said = self.cleaned_data
        return {
            check.code: Setting(
                said[f"on_{check.code}"], said.get(f"number_{check.code}") or check.threshold
            )
            for check in registry
        }


class DatedDocumentForm(forms.ModelForm):
    class Meta:
        model = DatedDocument
        fields = ("title", "aliases", "issued_on")
        widgets = {"issued_on": DayInput(), "aliases": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "aliases": _lazy("会议记录里可能的写法，每行一个；不要写太短、容易误认的词"),
            "issued_on": _lazy("公开发布的日期；会议早于这一天却提到它，会列为线索"),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("title", Field("aliases"), "issued_on")

    def clean_title(self) -> str:
        title = self.cleaned_data["title"].strip()
        if len(title) < 4:
            raise forms.ValidationError(_("名称至少写4个字，以免误认。"))
        return title

    def clean_aliases(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["aliases"].splitlines()]
        if any(0 < len(line) < 4 for line in lines):
            raise forms.ValidationError(_("每种写法至少4个字，以免误认。"))
        return "\n".join(line for line in lines if line)


class SharedTextForm(forms.ModelForm):
    class Meta:
        model = SharedText
        fields = ("title", "text", "added_on")
        widgets = {"added_on": DayInput(), "text": forms.Textarea(attrs={"rows": 12})}
        help_texts = {
            "text": _lazy("乡镇统一下发给各支部的范文、提纲或模板全文；比对相似时不算在内"),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("title", "text", "added_on")
