"""Votes and their numbers: A10, B13-B20. Two denominators, three quorums (domain: 1.3). Pure.

A decision of the branch passes with more than half of 应到会, never of those present.
"""

import re
from collections.abc import Iterator

from meetings import rules
from meetings.record import Ballots, Entry, Gathering, Outcome, outcome, voters

from . import terms
from .base import CheckClass, Hit, _, record_check
from .facts import RecordFacts
from .saying import names_text

ART_11 = _("《中国共产党支部工作条例（试行）》第十一条")
ADMISSION = _("《中国共产党发展党员工作细则》（2026年修订）关于党员大会讨论表决的规定")
ELECTION = _("《中国共产党基层组织选举工作条例》（约五分之四到会）")

# Matters that only a vote decides, whatever the item was called.
NEEDS_VOTE = re.compile(
    "接收.{0,16}(预备)?党员|转正|延长.{0,6}预备期|取消.{0,10}预备党员资格|选举|补选|纪律处分|不合格党员"
)
OF_THOSE_PRESENT = re.compile(
    "实到.{0,16}(过半|半数|二分之一)|(过|超过)(实到|到会|参会).{0,10}半数"
)
SEVERAL = re.compile("[、,，;；/和及]|等.{1,3}(名|人|位)")
SEVERAL_IN_TITLE = re.compile(
    "接收.{2,4}[、和及].{2,12}(为|转)|等.{1,3}(名|人|位)同志.{0,6}(为|转正)"
)


def _votes(facts: RecordFacts) -> Iterator[tuple[int, Entry, Ballots, Outcome]]:
    """Yield every vote of the record with its place in the agenda and its arithmetic."""
    for place, entry in enumerate(facts.record.agenda):
        if entry.ballots is not None:
            found = outcome(entry.ballots, facts.record.seats)
            yield place, entry, entry.ballots, found


def _subject(place: int, entry: Entry) -> str:
    """Name an item by its row, which stays when others come before it."""
    return f"item:{entry.pk or place}"


def _hit(place: int, entry: Entry, text: str, field: str = "in_favour", **values) -> Hit:
    return Hit(
        _subject(place, entry), text, {"title": entry.title, **values}, entry=place, field=field
    )


@record_check(
    "A10",
    CheckClass.RULE,
    title=_("民主评议的等次不合规定"),
    article=_("《中国共产党支部工作条例（试行）》第十八条；优秀一般不超过三分之一"),
    advice=_("核对评定结果；预备党员参加评议，不评定等次。"),
)
def grades(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    if "evaluation" not in record.kinds or not (record.assessed or facts.is_submitted):
        return
    graded = [one for one in record.assessed if one.grade]
    if not graded:
        yield Hit("ungraded", _("没有评定等次的记录。"))
        return
    given = sum(one.grade == "excellent" for one in graded)
    allowed = rules.most_excellent(len(graded))
    if given > allowed:
        values = {"graded": len(graded), "given": given, "allowed": allowed}
        text = _("评定等次%(graded)s人，优秀%(given)s人，一般不超过%(allowed)s人。")
        yield Hit("excellent", text, values)
    early = [one.member_id for one in graded if one.member_id in record.probationary]
    if early:
        yield Hit("probationary", _("预备党员%(names)s评定了等次。"), _named(facts, early))
    known = {one.member_id for one in graded}
    missing = [
        seat.member_id
        for seat in facts.roster
        if seat.member_id not in known | record.probationary and seat.excuse != "custody"
    ]
    if missing:
        yield Hit("ungraded", _("%(names)s没有评定等次。"), _named(facts, missing))


def _named(facts: RecordFacts, pks: list[int]) -> dict[str, str]:
    return {"names": names_text([facts.names.get(pk, "") for pk in pks])}


@record_check(
    "B13",
    CheckClass.RULE,
    title=_("应当表决的事项没有票数"),
    article=ART_11,
    advice=_("补上当时的赞成、反对、弃权票数；当时没有表决的，如实说明，下次会议表决。"),
)
def no_numbers(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """A decision, or a topic on which only a vote decides and that says it was passed."""
    is_assembly = facts.record.gathering is Gathering.BRANCH
    for place, entry in enumerate(facts.record.agenda):
        if entry.ballots is not None:
            continue
        said = f"{entry.minutes}{entry.resolution}"
        is_passed = (
            is_assembly
            and entry.kind == "topic"
            and NEEDS_VOTE.search(terms.plain(entry.title))
            and terms.says_passed(said)
        )
        if entry.kind == "decision" or is_passed:
            yield _hit(place, entry, _("“%(title)s”没有写表决票数。"))


@record_check(
    "B14",
    CheckClass.RULE,
    title=_("票数和到会有表决权的人数不相等"),
    article=ART_11,
    advice=_("核对赞成、反对、弃权和无效票，合起来应等于到会有表决权的人数。"),
)
def ballots_do_not_add_up(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """More ballots than full members in the room is another matter, told by B17."""
    for place, entry, ballots, found in _votes(facts):
        if ballots.choices or ballots.cast == found.present or _is_too_many(facts, ballots):
            continue
        yield _hit(
            place,
            entry,
            _("“%(title)s”共%(cast)s票，到会有表决权的是%(present)s人。"),
            cast=ballots.cast,
            present=found.present,
        )


@record_check(
    "B15",
    CheckClass.RULE,
    title=_("到会人数不够，表决无效"),
    article=_("《中国共产党支部工作条例（试行）》第十一条；接收、转正须超过半数到会"),
    advice=_("这次表决不算数：到会人数够时重新表决，或说明情况。"),
)
def no_quorum(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    yield from _without_quorum(
        facts,
        ("ordinary", "admission"),
        _("“%(title)s”：应到会有表决权%(expected)s人，须到%(quorum)s人，实到%(present)s人。"),
    )


def _without_quorum(facts: RecordFacts, rule: tuple[str, ...], text: str) -> Iterator[Hit]:
    for place, entry, ballots, found in _votes(facts):
        if ballots.rule in rule and found.result is rules.VoteResult.INVALID:
            yield _hit(
                place,
                entry,
                text,
                expected=found.expected,
                quorum=found.quorum,
                present=found.present,
            )


@record_check(
    "B16",
    CheckClass.RULE,
    title=_("写了“通过”，票数却不够"),
    article=ART_11,
    advice=_(
        "党员大会的决议要超过应到会有表决权人数的一半，不是实到的一半；改正结论，或重新表决。"
    ),
)
def passed_without_votes(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    for place, entry, ballots, found in _votes(facts):
        said = f"{entry.resolution}。{entry.minutes}"
        if found.result is rules.VoteResult.FAILED and terms.says_passed(said):
            yield _hit(
                place,
                entry,
                _("“%(title)s”写了通过：需要%(needed)s票，赞成%(in_favour)s票。"),
                field="resolution",
                needed=found.needed,
                in_favour=found.in_favour,
            )
        elif ballots.rule in ("ordinary", "admission") and OF_THOSE_PRESENT.search(
            terms.plain(said)
        ):
            yield _hit(
                place,
                entry,
                _("“%(title)s”按实到人数算过半；应按应到会有表决权的%(expected)s人算。"),
                field="resolution",
                expected=found.expected,
            )


def _is_too_many(facts: RecordFacts, ballots: Ballots) -> bool:
    if ballots.rule == "committee" or ballots.choices:
        return False
    return ballots.cast > _full_members_there(facts)


def _full_members_there(facts: RecordFacts) -> int:
    probationary = facts.record.probationary
    return sum(s.is_present and s.member_id not in probationary for s in facts.record.seats)


@record_check(
    "B17",
    CheckClass.RULE,
    title=_("预备党员或列席人员参加了表决"),
    article=_("《中国共产党章程》关于预备党员没有表决权的规定"),
    advice=_("核对票数；预备党员、列席人员没有表决权，他们的票不计。"),
)
def others_voted(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    is_branch = record.gathering is Gathering.BRANCH
    early = [s.member_id for s in record.seats if s.can_vote and s.member_id in record.probationary]
    if early and is_branch and any(entry.ballots for entry in record.agenda):
        text = _("预备党员%(names)s记为有表决权。")
        yield Hit("probationary", text, _named(facts, early))
    for place, entry, ballots, _found in _votes(facts):
        if _is_too_many(facts, ballots):
            yield _hit(
                place,
                entry,
                _("“%(title)s”共%(cast)s票，到会的正式党员只有%(full)s人。"),
                cast=ballots.cast,
                full=_full_members_there(facts),
            )


@record_check(
    "B18",
    CheckClass.RULE,
    title=_("接收、转正没有无记名，或几个人一起表决"),
    article=ADMISSION,
    advice=_("接收预备党员和转正须无记名投票，逐个讨论、逐个表决；一人一项分开记。"),
)
def not_secret(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    for place, entry, ballots, _found in _votes(facts):
        if ballots.rule != "admission":
            continue
        if not ballots.is_secret:
            text = _("“%(title)s”没有记为无记名投票。")
            yield _hit(place, entry, text, field="is_secret")
        if SEVERAL.search(ballots.candidate) or (
            not ballots.candidate and SEVERAL_IN_TITLE.search(terms.plain(entry.title))
        ):
            hit = _hit(place, entry, _("“%(title)s”几个人一起表决。"), field="candidate")
            yield Hit(f"{hit.subject}:several", hit.text, hit.values, hit.entry, hit.field)


@record_check(
    "B19",
    CheckClass.RULE,
    title=_("选举到会人数不够"),
    article=ELECTION,
    advice=_("到会人数够时另行选举；经同意不计入应到的，在应到名单里写明原因。"),
)
def election_without_quorum(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    yield from _without_quorum(
        facts,
        ("election",),
        _("“%(title)s”：应到会有选举权%(expected)s人，须到%(quorum)s人，实到%(present)s人。"),
    )


@record_check(
    "B20",
    CheckClass.RULE,
    title=_("支委会到会委员不足半数"),
    article=_("《中国共产党支部工作条例（试行）》第十二条"),
    advice=_("这次支委会不计入；择日再开，或说明情况。"),
)
def committee_without_quorum(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    if "committee" not in record.kinds or not record.seats:
        return
    expected, present = voters("committee", record.seats)
    if not rules.quorum("committee", expected=expected, present=present).is_met:
        values = {"expected": expected, "present": present}
        yield Hit("quorum", _("委员%(expected)s人，到会%(present)s人，不足半数。"), values)
