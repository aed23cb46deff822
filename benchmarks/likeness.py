"""Finding the records that read like the one being written, among all years of the township.

Beside a page of the application, for it is asked while somebody writes.
"""

from collections.abc import Iterator
from random import Random

from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from branches.models import DutyKind
from meetings.reports.likeness import Asked, alike, alike_each

from .measure import Call, Line, exponent, in_turn
from .stages import Stage
from .statements import captured
from .texts import model_text, with_texts
from .visitor import Visitor

OF_A_PAGE, FLAT, STATEMENTS, AT_ONCE, OF_ONE = 1, 0.1, 8, 40, 1
LENGTH = 400


def run(stages: list[Stage], *, seconds: float) -> Iterator[Line]:
    application = get_wsgi_application()
    calls, statements = {}, {}
    stages = with_texts(stages)
    for stage in stages:
        stage.enter()
        for name, said in (("copied", model_text()), ("own", _own_text())):
            asked = _asked(stage, said)
            calls[stage.scale, name] = Call(lambda _, asked=asked: alike(asked), stage.enter)
            statements[stage.scale, name] = _counted(asked)
        many = [_asked(stage, _own_text(number)) for number in range(AT_ONCE)]
        calls[stage.scale, "many"] = Call(lambda _, many=many: alike_each(many), stage.enter)
        visitor = Visitor(application, stage.sessions[DutyKind.SECRETARY])
        address = stage.meeting.get_absolute_url()
        calls[stage.scale, "page"] = Call(
            lambda _, visitor=visitor, address=address: visitor.get(address), stage.enter
        )
    taken = in_turn(calls, seconds=seconds, least=7)
    for (scale, name), counted in statements.items():
        line = f"likeness.{stages[0].engine}.{scale}.{name}.%s"
        time, page = taken[scale, name], taken[scale, "page"]
        details = {"ms": round(1000 * time, 2), "page_ms": round(1000 * page, 2)}
        yield Line(line % "time", time / page, OF_A_PAGE, "x", details)
        yield Line(line % "statements", counted, STATEMENTS)
    for stage in stages:
        each = taken[stage.scale, "many"] / AT_ONCE / taken[stage.scale, "own"]
        yield Line(f"likeness.{stage.engine}.{stage.scale}.many.each", each, OF_ONE, "x")
    scales = {stage.scale: stage.branches for stage in stages}
    if {"county", "city"} <= scales.keys():
        for name in ("copied", "own"):
            times = (taken[scale, name] for scale in ("county", "city"))
            power = exponent(*times, scales["city"] / scales["county"])
            yield Line(f"likeness.{stages[0].engine}.city.{name}.growth", power, FLAT)


def _asked(stage: Stage, said: str) -> Asked:
    branch = stage.branch
    return Asked(branch.township_id, branch.pk, timezone.localdate(), said)


def _own_text(number: int = 0) -> str:
    """Return a text that nobody else has."""
    rng = Random(number)
    return "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(LENGTH))


def _counted(asked: Asked) -> int:
    with captured() as found:
        alike(asked)
    return len(found)
