"""A cell in words: where it stands, by which article, what would settle it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.models import MeetingKind, Period
from meetings.rules import Why

from .cells import Cell, Part


def sentence(cell: Cell, part: Part | None = None) -> str:
    """Say in one sentence where it stands, by which article, and what would settle it."""
    part = part or cell.telling
    rule = cell.rule
    asked = _("%(kind)s%(period)s%(times)s次（%(article)s）") % {
        "kind": MeetingKind(rule.kind).label,
        "period": _("每%(period)s") % {"period": Period(rule.period).label},
        "times": rule.times,
        "article": rule.article,
    }
    due = date_format(part.due_on, "n月j日")
    missing = part.needed - part.held
    told = {
        Why.HELD: _("已开展%(held)s次，符合要求。"),
        Why.STILL_TIME: _("已开展%(held)s次，还差%(missing)s次，请于%(due)s前完成。"),
        Why.DEADLINE_PASSED: _(
            "已开展%(held)s次，差%(missing)s次，%(due)s已到期：补录实际召开的会议，或说明未召开的原因。"
        ),
        Why.EXPLANATION: _("已说明原因，无需补记录。"),
        Why.NO_COMMITTEE: _("正式党员不足7人，不设支委会，不作要求（条例第20条）。"),
        Why.NO_GROUPS: _("未划分党小组，不作要求。"),
        Why.NOT_FOUNDED: _("支部当时尚未成立或已撤销，不作要求。"),
        Why.NOT_BEGUN: _("周期尚未开始。"),
    }[part.why]
    return f"{asked}：{told % {'held': part.held, 'missing': missing, 'due': due}}"
