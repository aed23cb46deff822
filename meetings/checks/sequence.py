"""From the 支委会 to the 党员大会: B21, B22 (domain: 1.1, 1.5). Pure."""

from collections.abc import Iterator

from branches.rules import may_have_committee

from . import terms
from .base import CheckClass, Hit, _, record_check
from .facts import Earlier, RecordFacts


@record_check(
    "B21",
    CheckClass.RULE,
    title=_("表决事项此前没有经支委会讨论"),
    article=_("《中国共产党支部工作条例（试行）》第十二条（一般应当先经支委会讨论）"),
    advice=_("支委会讨论过的，核对那次会议的议题名称；没有讨论的，说明情况。"),
)
def no_committee_before(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """Where the branch has a committee: its 支委会 of the last hundred days, by their terms."""
    record = facts.record
    has_committee = may_have_committee(facts.full_members) and len(facts.committee) > 1
    if not has_committee or "committee" in record.kinds:
        return
    for place, entry in enumerate(record.agenda):
        if entry.ballots is None or entry.ballots.rule == "committee":
            continue
        who = entry.ballots.candidate
        if terms.terms(entry.title) and not any(
            _is_the_same(entry.title, who, earlier) for earlier in facts.earlier_committee
        ):
            yield Hit(
                f"item:{entry.pk or place}",
                _("“%(title)s”：近100天的支委会没有相同的议题。"),
                {"title": entry.title},
                entry=place,
                field="title",
            )


def _is_the_same(title: str, candidate: str, earlier: Earlier) -> bool:
    """Compare the matter; where a person is voted on, the person has to be the same."""
    said = f"{earlier.title}\n{earlier.text}"
    if candidate:
        return terms.plain(candidate) in terms.plain(said)
    return terms.is_same_matter(title, said)


@record_check(
    "B22",
    CheckClass.RULE,
    title=_("村里的重要事项只由支委会作了决定"),
    article=_(
        "《中国共产党支部工作条例（试行）》第十一条；"
        "《中国共产党农村基层组织工作条例》约第十九条（四议两公开）"
    ),
    advice=_("提交党员大会讨论，并按四议两公开办理；已经办理的，说明在哪次会议。"),
)
def decided_in_committee(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """Only for villages and 社区: what was handed on, or discussed by a 党员大会, is in order."""
    record = facts.record
    if not facts.is_village or "committee" not in record.kinds:
        return
    for place, entry in enumerate(record.agenda):
        if entry.kind not in ("topic", "decision"):
            continue
        said = f"{entry.minutes}\n{entry.resolution}"
        word = terms.village_matter(f"{entry.title}\n{entry.resolution}")
        is_decided = bool(entry.ballots or entry.resolution) or terms.says_passed(entry.minutes)
        if not word or not is_decided or terms.is_handed_on(f"{entry.title}{said}"):
            continue
        if not any(
            terms.is_same_matter(entry.title, f"{one.title}\n{one.text}")
            for one in facts.assemblies
        ):
            yield Hit(
                f"item:{entry.pk or place}",
                _("“%(title)s”涉及%(word)s，没有提交党员大会的记录。"),
                {"title": entry.title, "word": word},
                entry=place,
                field="resolution",
            )
