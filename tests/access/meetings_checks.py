"""Who gets what: the automatic checks."""

from django.utils import timezone

from meetings.models import CheckResult, DatedDocument, SharedText
from tests import factories
from tests.access.meetings import READING, RULE_KEEPING, writing
from tests.access.rows import Row, everyone, statuses

# A township's own lists: another township's staff find nothing there, the rest keep none.
OWN_LISTS = statuses(403, staff=200, stranger=404)
CHANGING = statuses(403, staff=302, stranger=404)
MORE = 20


def build(world) -> None:
    today = timezone.localdate()
    world.objects["check_result"] = _result(world, "A05", "meeting:1:off", today)
    world.objects["explained_result"] = _result(
        world,
        "A12",
        f"term:{today}",
        today,
        reason="已报延期",
        explained_by=world.people["secretary"],
        explained_at=factories.NOON,
    )
    world.objects["dated_document"] = DatedDocument.objects.create(
        township=world.township, title="本乡冬修水利实施方案", issued_on=today
    )
    world.objects["shared_text"] = SharedText.objects.create(
        township=world.township, title="十一月学习提纲", text="学习提纲", added_on=today
    )


def grow(world) -> None:
    today = timezone.localdate()
    for n in range(MORE):
        _result(world, "A05", f"meeting:{n + 2}:off", today)
        _result(world, "C02", f"meeting:{world.meeting.pk}:{n}", today, meeting=world.meeting)
        _result(world, "A11", f"member:{world.member.pk}:talk:{n}", today)
        DatedDocument.objects.create(
            township=world.township, title=f"第{n}号通知全文", issued_on=today
        )
        SharedText.objects.create(
            township=world.township, title=f"提纲{n}", text="提纲", added_on=today
        )


def _result(world, code: str, subject: str, day, **fields) -> CheckResult:
    return CheckResult.objects.create(
        branch=world.branch,
        code=code,
        subject=subject,
        text="主题党日不在固定日",
        day=day,
        found_at=factories.NOON,
        **fields,
    )


def _document(world):
    return [world.dated_document.pk]


def _text(world):
    return [world.shared_text.pk]


def _as_it_stands(world):
    return {"kinds": ["theme_day"], "day": timezone.localdate().isoformat()}


ACCESS: dict[str, Row] = {
    "meetings:meeting_checks": Row("get", READING, lambda world: [world.meeting.pk]),
    # Without a link to a branch: of the only one the person records for.
    "meetings:record_checks": Row(
        "post",
        statuses(403, secretary=200, committee=200, neighbour=200, staff=200, stranger=200),
        data=_as_it_stands,
    ),
    "meetings:check_list": Row("get", everyone()),
    "meetings:check_explain": Row(
        "post", writing(302), lambda world: [world.check_result.pk], {"reason": "防汛改期"}
    ),
    "meetings:check_withdraw": Row("post", writing(302), lambda world: [world.explained_result.pk]),
    "meetings:check_settings": Row("get", RULE_KEEPING),
    "meetings:check_documents": Row("get", RULE_KEEPING),
    "meetings:check_document_create": Row("get", RULE_KEEPING),
    "meetings:check_document_edit": Row("get", OWN_LISTS, _document),
    "meetings:check_document_delete": Row("post", CHANGING, _document),
    "meetings:check_texts": Row("get", RULE_KEEPING),
    "meetings:check_text_create": Row("get", RULE_KEEPING),
    "meetings:check_text_edit": Row("get", OWN_LISTS, _text),
    "meetings:check_text_delete": Row("post", CHANGING, _text),
}
