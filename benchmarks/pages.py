"""What pages cost: beside the empty page and their own statements, and from scale to scale.

A page's limit is the empty page of the application plus the page's own statements, run again
without the application. Goals 1, 2 and 8.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import timezone

from branches.models import DutyKind
from meetings.rules import Span

from .measure import Call, Line, exponent, in_turn
from .stages import EVERYWHERE, Stage
from .statements import Statement, captured, run_again
from .visitor import Visitor

LIST, BOARD = 1.5, 1.3  # goal 1: the most times its limit
FLAT, LINEAR = 0.1, 1.0  # goal 2: the most that time may grow with the data, as a power of it
FRAME_STATEMENTS, FRAME_TIMES, PAGE_STATEMENTS = 2, 5, 8  # goal 8
ANCHOR, HELLO = "/benchmark/anchor/", "/benchmark/hello/"


@dataclass(frozen=True)
class Page:
    """One page, who opens it, what has to stand in it, and the goals it is held to."""

    name: str
    viewer: str
    address: str
    marker: str
    most: float
    growth: float


def pages(stage: Stage) -> list[Page]:
    last_month = Span.containing(timezone.localdate(), "month").previous
    meeting = stage.meeting
    home, matrix = reverse("dashboard:home"), reverse("dashboard:matrix")
    members, week = reverse("branches:member_list"), reverse("curriculum:checklist_current")
    return [
        Page("leader_home", DutyKind.LEADER, home, "我的联系点", BOARD, FLAT),
        Page("county_home", EVERYWHERE, home, "<tbody>", BOARD, LINEAR),
        Page("matrix", EVERYWHERE, f"{matrix}?period={last_month}", "<tbody>", BOARD, LINEAR),
        Page(
            "meeting_list",
            DutyKind.OBSERVER,
            reverse("meetings:meeting_list"),
            "主题党日",
            LIST,
            FLAT,
        ),
        Page(
            "meeting_detail",
            DutyKind.SECRETARY,
            meeting.get_absolute_url(),
            meeting.title,
            LIST,
            FLAT,
        ),
        Page("member_list", DutyKind.STAFF, members, stage.branch.short_name, LIST, FLAT),
        Page("checklist", DutyKind.SECRETARY, week, "本周", LIST, FLAT),
    ]


def run(stages: list[Stage], *, seconds: float) -> Iterator[Line]:
    application = get_wsgi_application()
    engine = stages[0].engine
    opened = [[Opened(stage, page, application) for page in pages(stage)] for stage in stages]
    for same_page in zip(*opened, strict=True):
        yield from _measure(engine, same_page, seconds)
    yield from _frame(stages[-1], application, seconds)


class Opened:
    """A page on a stage: opened once, checked, its statements known."""

    def __init__(self, stage: Stage, page: Page, application) -> None:
        self.stage, self.page = stage, page
        self.visitor = Visitor(application, stage.sessions[page.viewer])
        stage.enter()
        frame = {sql for sql, _params in self._statements(ANCHOR)}
        self.statements = self._statements(page.address)
        self.own = [one for one in self.statements if one.sql not in frame]
        answer = self.visitor.get(page.address)
        if answer.status != 200 or page.marker not in answer.body.decode():
            raise RuntimeError(f"{page.address} on {stage.scale}: {answer.status}, not the page")
        self.bytes = len(answer.body)

    def _statements(self, address: str) -> list[Statement]:
        self.visitor.get(address)  # the first time fills caches
        with captured() as found:
            self.visitor.get(address)
        return found

    def calls(self) -> dict[tuple[str, str], Call]:
        scale, enter = self.stage.scale, self.stage.enter
        return {
            (scale, "anchor"): Call(lambda _: self.visitor.get(ANCHOR), before=enter),
            (scale, "page"): Call(lambda _: self.visitor.get(self.page.address), before=enter),
            (scale, "sql"): Call(lambda _: run_again(self.own), before=enter),
        }


def _measure(engine: str, same_page: tuple[Opened, ...], seconds: float) -> Iterator[Line]:
    """Measure one page at all scales in turn."""
    calls = {key: call for opened in same_page for key, call in opened.calls().items()}
    taken = in_turn(calls, seconds=seconds, least=7)
    page = same_page[0].page
    name = f"pages.{engine}.%s.{page.name}.%s"
    times = {}
    for opened in same_page:
        scale = opened.stage.scale
        parts = {part: taken[scale, part] for part in ("page", "anchor", "sql")}
        times[scale] = parts["page"]
        details = {f"{part}_ms": round(1000 * value, 3) for part, value in parts.items()}
        details["bytes"] = opened.bytes
        ratio = parts["page"] / (parts["anchor"] + parts["sql"])
        yield Line(name % (scale, "limit_ratio"), ratio, page.most, "x", details)
        yield Line(name % (scale, "statements"), len(opened.statements), PAGE_STATEMENTS)
    if {"county", "city"} <= times.keys():
        grown = {opened.stage.scale: opened.stage.branches for opened in same_page}
        power = exponent(times["county"], times["city"], grown["city"] / grown["county"])
        yield Line(name % ("city", "growth"), power, page.growth)
    if {"township", "county"} <= times.keys():
        counts = {opened.stage.scale: len(opened.statements) for opened in same_page}
        more = counts["county"] - counts["township"]
        yield Line(name % ("county", "more_statements"), more, 0)


def _frame(stage: Stage, application, seconds: float) -> Iterator[Line]:
    """Session, user, duties, menu and unread, beside the least this stack can answer."""
    stage.enter()
    visitor, stranger = Visitor(application, stage.sessions[DutyKind.STAFF]), Visitor(application)
    with captured() as found:
        visitor.get(ANCHOR)
    calls = {
        "anchor": Call(lambda _: visitor.get(ANCHOR)),
        "hello": Call(lambda _: stranger.get(HELLO)),
        "sql": Call(lambda _: run_again(found)),
    }
    taken = in_turn(calls, seconds=seconds, least=50)
    details = {f"{part}_ms": round(1000 * value, 3) for part, value in taken.items()}
    name = f"pages.{stage.engine}.{stage.scale}.frame.%s"
    yield Line(name % "hello_ratio", taken["anchor"] / taken["hello"], FRAME_TIMES, "x", details)
    yield Line(name % "statements", len(found), FRAME_STATEMENTS)
