"""How the outcome of a vote and a period of time read on the page."""

from django import template
from django.utils.translation import gettext_lazy as _

from meetings.models import MeetingKind, MeetingState
from meetings.record import Outcome
from meetings.reports import minutes
from meetings.rules import VoteResult
from meetings.texts import span_name

register = template.Library()
register.filter("span_name", span_name)

STATES = {
    VoteResult.PASSED: ("met", _("通过")),
    VoteResult.FAILED: ("returned", _("未通过")),
    VoteResult.INVALID: ("refused", _("无效")),
}


# For lists: `get_…_display` puts all choices into the reader's script to name one of them.
@register.filter
def kind_label(kind: str) -> str:
    return str(MeetingKind(kind).label)


@register.filter
def state_label(state: str) -> str:
    return str(MeetingState(state).label)


@register.filter
def result_state(result: VoteResult) -> str:
    """Name the look of a result: the class `state-…`."""
    return STATES[result][0]


@register.filter
def result_label(result: VoteResult) -> str:
    return STATES[result][1]


@register.filter
def vote_sentence(outcome: Outcome, rule: str) -> str:
    return minutes.vote_sentence(rule, outcome)
