"""The rows of further topics, decisions with their ballots, and free X items."""

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from meetings.models import AgendaItem, AgendaKind, MeetingKind, VoteRule
from meetings.record import Ballots, Entry
from meetings.reports.sheet import Sheet


class ItemForm(forms.Form):
    """One more item of the agenda: a topic, a decision with its ballots, or a free X."""

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
    rule = forms.ChoiceField(
        label=_lazy("表决类型"), choices=[("", "—"), *VoteRule.choices], required=False
    )
    in_favour = forms.IntegerField(label=_lazy("赞成"), min_value=0, max_value=9999, required=False)
    against = forms.IntegerField(label=_lazy("反对"), min_value=0, max_value=9999, required=False)
    abstaining = forms.IntegerField(
        label=_lazy("弃权"), min_value=0, max_value=9999, required=False
    )
    is_secret = forms.BooleanField(label=_lazy("无记名投票"), required=False)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("kind") == AgendaKind.DECISION and data.get("rule") == VoteRule.ADMISSION:
            # The ballot on an admission is secret by rule; there is nothing to ask.
            data["is_secret"] = True
        if any(value for name, value in data.items() if name in ITEM_TEXTS) and not data.get(
            "title"
        ):
            self.add_error("title", _("请填写这一项的议题。"))
        return data

    def entry(self) -> Entry | None:
        """Return the item, or None for a row left empty or taken out."""
        data = self.cleaned_data
        if not data.get("title") or data.get("DELETE"):
            return None
        ballots = None
        if data["kind"] == AgendaKind.DECISION and data["rule"] and data["in_favour"] is not None:
            ballots = Ballots(
                rule=data["rule"],
                in_favour=data["in_favour"],
                against=data["against"] or 0,
                abstaining=data["abstaining"] or 0,
                is_secret=data["is_secret"],
            )
        return Entry(
            kind=data["kind"],
            title=data["title"],
            speaker=data["speaker"],
            minutes=data["minutes"],
            resolution=data["resolution"],
            ballots=ballots,
        )

    @staticmethod
    def initial_from(item: AgendaItem) -> dict:
        vote = getattr(item, "vote", None)
        votes = ("rule", "in_favour", "against", "abstaining", "is_secret")
        return {
            "kind": item.kind,
            "title": item.title,
            "speaker": item.speaker,
            "minutes": item.minutes,
            "resolution": item.resolution,
        } | ({name: getattr(vote, name) for name in votes} if vote else {})


ITEM_TEXTS = ("speaker", "minutes", "resolution", "rule")


class BaseItemFormSet(BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("次序")
        form.fields["DELETE"].label = _("去掉这一项")


# One empty row is sent; scripts add more, and without them saving a draft does.
ItemFormSet = formset_factory(
    ItemForm, formset=BaseItemFormSet, extra=1, can_order=True, can_delete=True, max_num=60
)


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
        ItemForm.initial_from(item) for item in sheet.agenda if item.kind in kinds and item is not x
    ]
