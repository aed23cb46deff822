"""Forms of the problem list: raising with standard findings, answering, checking, extending."""

from datetime import date
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.files.base import ContentFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from branches.forms import DayInput, laid_out
from branches.leaders import linked_branches
from branches.models import DutyKind, Member, Organization
from branches.permissions import STEERING, duties_of, scope_q
from branches.search import containing
from inspections import rules
from inspections.models import Issue, IssueCategory, IssueState, Severity
from meetings.photos import remade

# Beyond this many branches a list to choose from is of no help: one searches.
MOST_CHOICES = 100


class PhotoField(forms.FileField):
    """A picture, never required; comes out re-encoded and without its camera's data."""

    def __init__(self, **kwargs) -> None:
        widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> ContentFile | None:
        upload = super().clean(data, initial)
        return remade(upload) if upload else None


class IssueFilter(forms.Form):
    """What narrows the list; without a choice it shows all that is not closed."""

    OVERDUE, EVERY = "overdue", "every"

    q = forms.CharField(label=_("问题或支部"), required=False, max_length=50)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("未销号")),
            (OVERDUE, _("已逾期")),
            *IssueState.choices,
            (EVERY, _("全部")),
        ],
    )
    category = forms.ChoiceField(
        label=_("问题类别"),
        required=False,
        choices=[("", _("全部类别")), *IssueCategory.choices],
    )
    branch = forms.TypedChoiceField(
        label=_("党支部"), required=False, coerce=int, empty_value=None, choices=[]
    )

    def __init__(self, *args, reader: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        branches = Organization.objects.visible_to(reader).branches().filter(dissolved_on=None)
        names = list(branches.values_list("pk", "short_name")[: MOST_CHOICES + 1])
        if 1 < len(names) <= MOST_CHOICES:
            self.fields["branch"].choices = [("", _("全部支部")), *names]
        else:
            del self.fields["branch"]

    def narrow(self, issues: "QuerySet[Issue]", on: date) -> "QuerySet[Issue]":
        """Keep what was asked for; a filter that makes no sense keeps nothing out."""
        self.is_valid()
        wanted = self.cleaned_data
        if words := wanted.get("q", "").strip():
            issues = issues.filter(containing(words, "title", "branch__name", "branch__short_name"))
        if category := wanted.get("category"):
            issues = issues.filter(category=category)
        if branch := wanted.get("branch"):
            issues = issues.filter(branch=branch)
        state = wanted.get("state")
        if state == self.OVERDUE:
            return issues.overdue(on)
        if state == self.EVERY:
            return issues
        return issues.filter(state=state) if state else issues.unresolved()


def standard_findings() -> list:
    """Return the canned findings, grouped by category, as choices."""
    groups: list = [("", _("请选择"))]
    for category, label in IssueCategory.choices:
        found = [(f.code, gettext(f.title)) for f in rules.FINDINGS if f.category == category]
        if found:
            groups.append((label, found))
    return groups


def severities() -> list[tuple[str, str]]:
    """Return the degrees as choices, each with the days it gives."""
    return [
        (value, _("%(label)s（%(days)s天）") % {"label": label, "days": rules.DEADLINE_DAYS[value]})
        for value, label in Severity.choices
    ]


class IssueForm(forms.Form):
    """Raising an issue: a standard finding fills in everything but the facts."""

    # On the first screen what every issue needs; what a standard finding brings along is folded.
    helper = laid_out("branch", "finding", "detail", Field("severity", wrapper_class="chips"))
    more = laid_out("title", "category", "demand", "due_on")

    branch = forms.ModelChoiceField(label=_("党支部"), queryset=None, empty_label=_("请选择"))
    finding = forms.ChoiceField(
        label=_("常见问题"),
        required=False,
        help_text=_("选一项即可，类别、依据和整改要求随之填好；不在其中的，展开下面自行写明。"),
    )
    title = forms.CharField(
        label=_("问题"),
        required=False,
        max_length=100,
        help_text=_("已选常见问题的，可以不填；填了以这里为准。"),
    )
    category = forms.ChoiceField(
        label=_("问题类别"),
        required=False,
        choices=[("", _("随常见问题，或归入“其他”")), *IssueCategory.choices],
    )
    detail = forms.CharField(
        label=_("具体情况"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("哪一次会议、哪一天、什么事实；可以不填。"),
    )
    severity = forms.ChoiceField(
        label=_("程度"),
        choices=severities,
        initial=Severity.LIGHT,
        widget=forms.RadioSelect,
    )
    demand = forms.CharField(
        label=_("整改要求"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("留空则用常见问题的要求。"),
    )
    due_on = forms.DateField(
        label=_("整改时限"),
        required=False,
        widget=DayInput(),
        help_text=_("留空则按程度计算。"),
    )
    photo = PhotoField(label=_("照片"), help_text=_("可以不传。"))

    def __init__(self, *args, by: User, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["finding"].choices = standard_findings()
        self.fields["branch"].queryset = branches_to_raise_on(by)

    def clean_due_on(self) -> date | None:
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < self.today:
            raise forms.ValidationError(_("整改时限不能早于今天。"))
        return due_on

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        finding = rules.BY_CODE.get(data.get("finding", ""))
        if not (finding or data.get("title")):
            self.add_error("finding", _("请选一项常见问题，或展开下面自行写明问题。"))
        return data

    def issue(self) -> dict[str, Any]:
        """Return the arguments of `services.raise_issue` but the branch."""
        data = self.cleaned_data
        finding = rules.BY_CODE.get(data["finding"])
        return {
            "category": data["category"] or (finding.category if finding else IssueCategory.OTHER),
            "title": data["title"] or finding.title,
            "basis": finding.basis if finding else "",
            "demand": data["demand"] or (finding.demand if finding else ""),
            "detail": data["detail"],
            "severity": data["severity"],
            "due_on": data["due_on"],
            "photo": data["photo"],
        }


def branches_to_raise_on(user: User) -> "QuerySet[Organization]":
    """Return the branches on which `permissions.can_raise_issue` holds."""
    reach = scope_q(user, prefix="", kinds=STEERING)
    if any(duty.kind == DutyKind.LEADER for duty in duties_of(user)):
        below = scope_q(user, prefix="", kinds={DutyKind.LEADER})
        reach |= below & Q(pk__in=linked_branches(user))
    return Organization.objects.branches().filter(reach, dissolved_on=None)


class AnswerForm(forms.Form):
    helper = laid_out("text", "responsible")

    text = forms.CharField(
        label=_("整改情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明做了什么；未召开的会议说明原因和新的日期即可，不要补写记录。"),
    )
    responsible = forms.ModelChoiceField(
        label=_("责任人"), queryset=None, required=False, empty_label=_("未指定")
    )
    photo = PhotoField(label=_("整改照片"), help_text=_("可以不传。"))

    def __init__(self, *args, issue: Issue, **kwargs) -> None:
        kwargs.setdefault("initial", {"text": issue.answer, "responsible": issue.responsible_id})
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = Member.objects.filter(
            branch=issue.branch_id, left_on=None
        ).order_by("initials", "pk")


class ReturnForm(forms.Form):
    helper = laid_out("note", "due_on")

    note = forms.CharField(
        label=_("还缺什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(label=_("新的时限"), widget=DayInput())

    def __init__(self, *args, issue: Issue, today: date, **kwargs) -> None:
        due_on = rules.due_after_return(issue.due_on, today)
        super().__init__(*args, initial={"due_on": due_on}, **kwargs)
        self.today = today

    def clean_due_on(self) -> date:
        due_on = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(_("新的时限不能早于今天。"))
        return due_on


class CloseForm(forms.Form):
    helper = laid_out("note")

    note = forms.CharField(
        label=_("复核意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ExtendForm(forms.Form):
    helper = laid_out("due_on", "reason")

    due_on = forms.DateField(label=_("延期至"), widget=DayInput())
    reason = forms.CharField(label=_("延期原因"), max_length=300)

    def __init__(self, *args, issue: Issue, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.issue, self.today = issue, today

    def clean_due_on(self) -> date:
        due_on = self.cleaned_data["due_on"]
        if due_on <= max(self.issue.due_on, self.today):
            raise forms.ValidationError(_("新的时限应晚于原时限和今天。"))
        return due_on
