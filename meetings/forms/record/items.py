"""The rows of further topics, decisions with their ballots, and free X items."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from config.language import in_source_script
from meetings.forms.fields import DateField
from meetings.models import AgendaItem, AgendaKind, MeetingKind, VoteRule, VoteStep
from meetings.record import Ballots, Choice, Entry, Gathering
from meetings.reports.sheet import Sheet

from .rows import RowForm, rows_of

# A line of an election: a name and its votes.
_NAME_AND_VOTES = re.compile(r"(.+?)[\s：:，,、]*(\d{1,4})\s*票?")
SECRET = (VoteRule.ADMISSION, VoteRule.ELECTION)


def count(label) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=9999, required=False)


class ItemForm(RowForm):
    """One more item of the agenda: a topic, a decision with its ballots, or a free X."""

    essential = ("title",)

    follows = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_lazy("类别"),
        choices=[
            (kind.value, kind.label)
            for kind in (AgendaKind.TOPIC, AgendaKind.DECISION, AgendaKind.OPTIONAL)
        ],
    )
    title = forms.CharField(label=_lazy("议题"), max_length=200, required=False)
    speaker = forms.CharField(label=_lazy("报告人"), max_length=50, required=False)
    minutes = forms.CharField(
        label=_lazy("发言要点"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("逐人记录，含不同意见"),
    )
    resolution = forms.CharField(
        label=_lazy("决定、决议"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    responsible = forms.CharField(label=_lazy("落实责任人"), max_length=50, required=False)
    due_on = DateField(label=_lazy("落实时限"), required=False)
    rule = forms.ChoiceField(
        label=_lazy("表决类型"),
        choices=[("", _lazy("按会议类型")), *VoteRule.choices],
        required=False,
    )
    step = forms.ChoiceField(
        label=_lazy("表决什么"), choices=[("", "—"), *VoteStep.choices], required=False
    )
    candidate = forms.CharField(
        label=_lazy("表决对象"),
        max_length=50,
        required=False,
        help_text=_lazy("一人一票，逐个表决"),
    )
    introducers = forms.CharField(label=_lazy("入党介绍人"), max_length=100, required=False)
    choices = forms.CharField(
        label=_lazy("候选人和得票"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_lazy("一行一人：姓名 票数，如“李建国 28”"),
    )
    in_favour = count(_lazy("赞成"))
    against = count(_lazy("反对"))
    abstaining = count(_lazy("弃权"))
    invalid = count(_lazy("无效票"))
    is_secret = forms.BooleanField(label=_lazy("无记名投票"), required=False)

    def __init__(self, *args, gathering: Gathering | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.gathering = gathering

    def clean_choices(self) -> tuple[Choice, ...]:
        found: dict[str, int] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["choices"].splitlines())):
            match = _NAME_AND_VOTES.fullmatch(line)
            if match is None:
                raise forms.ValidationError(
                    _("每行写一人的姓名和票数：“%(line)s”。") % {"line": line}
                )
            name = match[1].strip()[:50]
            if name in found:
                raise forms.ValidationError(_("%(name)s写了两次。") % {"name": name})
            found[name] = int(match[2])
        return tuple(Choice(*one) for one in found.items())

    def clean(self) -> dict:
        data = super().clean()
        if data.get("kind") == AgendaKind.DECISION:
            if not data.get("rule") and data.get("in_favour") is not None:
                is_committee = self.gathering is Gathering.COMMITTEE
                data["rule"] = VoteRule.COMMITTEE if is_committee else VoteRule.ORDINARY
            if data.get("rule") in SECRET:
                # Secret by rule; there is nothing to ask.
                data["is_secret"] = True
            if data.get("rule") == VoteRule.ADMISSION and not data.get("title"):
                data["title"] = _title_of(data.get("step"), data.get("candidate"))
        if any(data.get(name) for name in ITEM_TEXTS) and not data.get("title"):
            self.add_error("title", _("请填写这一项的议题。"))
        return data

    def entry(self, followed: frozenset[int]) -> Entry:
        """Return the item; the row must be a kept one. `followed` are the branch's own decisions
        among those that rows say they report on."""
        data = self.cleaned_data
        is_decision = data["kind"] == AgendaKind.DECISION
        names = ("kind", "title", "speaker", "minutes", "resolution", "pk")
        return Entry(
            **{name: data[name] for name in names},
            follows_id=data["follows"] if data["follows"] in followed else None,
            responsible=data["responsible"],
            due_on=data["due_on"],
            ballots=self._ballots() if is_decision and data["rule"] else None,
        )

    def _ballots(self) -> Ballots | None:
        data = self.cleaned_data
        is_admission = data["rule"] == VoteRule.ADMISSION
        choices = data["choices"] if data["rule"] == VoteRule.ELECTION else ()
        if data["in_favour"] is None and not (choices or data["candidate"]):
            return None
        return Ballots(
            rule=data["rule"],
            in_favour=choices[0].in_favour if choices else data["in_favour"] or 0,
            against=0 if choices else data["against"] or 0,
            abstaining=0 if choices else data["abstaining"] or 0,
            invalid=data["invalid"] or 0,
            is_secret=data["is_secret"],
            step=data["step"] if is_admission else "",
            candidate=data["candidate"] if is_admission else "",
            introducers=data["introducers"] if is_admission else "",
            choices=choices,
        )


@in_source_script
def _title_of(step: str | None, candidate: str | None) -> str:
    """Name the vote on one person, where nobody did."""
    if not candidate or not step:
        return ""
    return {
        VoteStep.ADMIT: _("接收%(name)s为预备党员"),
        VoteStep.CONFIRM: _("%(name)s按期转为正式党员"),
        VoteStep.PROLONG: _("延长%(name)s的预备期"),
        VoteStep.REVOKE: _("取消%(name)s的预备党员资格"),
    }[VoteStep(step)] % {"name": candidate}


# A row that says one of these has to have a title.
ITEM_TEXTS = (
    "speaker", "minutes", "resolution", "responsible", "due_on", "rule", "candidate", "choices",
)  # fmt: skip
PLAIN = ("pk", "kind", "title", "speaker", "minutes", "resolution", "responsible", "due_on")
VOTED = (
    "rule", "in_favour", "against", "abstaining", "invalid", "is_secret", "step", "candidate",
    "introducers",
)  # fmt: skip
ItemRows = rows_of(ItemForm)


def _initial_from(item: AgendaItem, choices: tuple[Choice, ...]) -> dict:
    vote = getattr(item, "vote", None)
    found = {name: getattr(item, name) for name in PLAIN} | {"follows": item.follows_id}
    if vote is not None:
        found |= {name: getattr(vote, name) for name in VOTED}
    if choices:
        found["choices"] = "\n".join(f"{one.name} {one.in_favour}" for one in choices)
    return found


def x_of(sheet: Sheet) -> AgendaItem | None:
    """Return the item that the X field holds: the first free one with a title and no more."""
    if MeetingKind.THEME_DAY not in sheet.kinds:
        return None
    return next(
        (
            item
            for item in sheet.agenda
            if item.kind == AgendaKind.OPTIONAL
            and not (item.speaker or item.minutes or item.resolution)
        ),
        None,
    )


def item_initial(sheet: Sheet) -> list[dict]:
    x = x_of(sheet)
    kinds = (AgendaKind.TOPIC, AgendaKind.DECISION, AgendaKind.OPTIONAL)
    return [
        _initial_from(item, sheet.life.choices_of(item))
        for item in sheet.agenda
        if item.kind in kinds and item is not x
    ]
