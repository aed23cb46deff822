"""The newest twenty meetings for a word, beside reading every text for it. Goal 5.

The goal is for a county on SQLite and a city on PostgreSQL; what a smaller database costs is there
the price of a few statements.
"""

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from accounts.models import User
from branches.backends import DutyBackend
from meetings.reports.search import Wanted, newest

from .measure import Call, Line, exponent, in_turn
from .stages import EVERYWHERE, POSTGRESQL, Stage
from .statements import captured
from .texts import with_texts

OF_A_SCAN, FLAT, STATEMENTS, DIFFERENT = 1 / 50, 0.1, 8, 0
NEWEST = 20
# A rare one and one that stands in every other record, of two, three and four characters.
WORDS = {"rare_2": "茶园", "rare_3": "茶园承", "rare_4": "茶园承包", "common_2": "责任"}
WORDS |= {"common_3": "微信群", "common_4": "防火宣传"}
SCAN = "SELECT place FROM meetings_meetingtext WHERE body LIKE %s"


def run(stages: list[Stage], *, seconds: float) -> Iterator[Line]:
    calls, statements, different = {}, {}, {}
    stages = with_texts(stages)
    for stage in stages:
        stage.enter()
        user = DutyBackend().get_user(User.objects.get(username=f"benchmark-{EVERYWHERE}").pk)
        for name, word in WORDS.items():
            wanted = Wanted.read(user, word)
            key = stage.scale, name
            calls[*key, "search"] = _search(stage, user, wanted)
            calls[*key, "scan"] = _scan(stage, word)
            statements[key], different[key] = _checked(user, wanted, word)
    taken = in_turn(calls, seconds=seconds, least=5)
    engine = stages[0].engine
    for scale, name in statements:
        search, scan = taken[scale, name, "search"], taken[scale, name, "scan"]
        details = {"search_ms": round(1000 * search, 3), "scan_ms": round(1000 * scan, 2)}
        line = f"search.{engine}.{scale}.{name}.%s"
        if (engine, scale) != (POSTGRESQL, "county"):
            yield Line(line % "time", search / scan, OF_A_SCAN, "x", details)
        yield Line(line % "statements", statements[scale, name], STATEMENTS)
        yield Line(line % "different_rows", different[scale, name], DIFFERENT)
    scales = {stage.scale: stage.branches for stage in stages}
    if {"county", "city"} <= scales.keys():
        for name in WORDS:
            times = (taken[scale, name, "search"] for scale in ("county", "city"))
            power = exponent(*times, scales["city"] / scales["county"])
            yield Line(f"search.{engine}.city.{name}.growth", power, FLAT)


def _search(stage: Stage, user: User, wanted: Wanted) -> Call:
    return Call(
        lambda _: newest(user, wanted, on=timezone.localdate(), limit=NEWEST), before=stage.enter
    )


def _scan(stage: Stage, word: str) -> Call:
    return Call(lambda _: _places(word), before=stage.enter)


def _places(word: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(SCAN, [f"%{word}%"])
        return sorted((place for (place,) in cursor.fetchall()), reverse=True)


def _checked(user: User, wanted: Wanted, word: str) -> tuple[int, int]:
    """Return how many statements it takes, and how many rows are not those of LIKE."""
    with captured() as found:
        rows = newest(user, wanted, on=timezone.localdate(), limit=NEWEST).meetings
    mine = [meeting.place_in_time for meeting in rows]
    return len(found), len(set(mine) ^ set(_places(word)[:NEWEST]))
