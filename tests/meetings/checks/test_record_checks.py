"""The checks of one record: for each what makes it speak, and the near misses that do not."""

import pytest

from meetings.checks import terms
from meetings.checks.base import CheckClass, Scope, registry
from meetings.checks.facts import RecordFacts
from meetings.checks.running import run_record_checks
from meetings.record import Remark

from . import cases_of_elements, cases_of_truth
from .said import FIRST, Cases, facts

CASES: Cases = cases_of_elements.CASES | cases_of_truth.CASES
HITS = [(code, one) for code, (hits, _misses) in CASES.items() for one in hits]
MISSES = [(code, one) for code, (_hits, misses) in CASES.items() for one in misses]


def found(code: str, one: RecordFacts) -> list:
    check = registry[code]
    return list(check.find(one, check.threshold))


@pytest.mark.parametrize(("code", "one"), HITS, ids=[code for code, _one in HITS])
def test_a_defect_is_found_and_said(code, one):
    hits = found(code, one)
    assert hits
    for hit in hits:
        assert "%(" not in (hit.text % hit.values)
        assert len(hit.subject) <= 60


@pytest.mark.parametrize(("code", "one"), MISSES, ids=[code for code, _one in MISSES])
def test_a_near_miss_is_none(code, one):
    assert found(code, one) == []


def test_every_check_of_a_record_has_its_cases():
    elements = {f"B{n:02}" for n in range(1, 25)}
    truth = {f"C{n:02}" for n in (*range(1, 15), *range(18, 22))}
    assert {"A06", "A10"} | elements | truth == set(CASES)
    assert {check.code for check in registry.of(Scope.RECORD)} == set(CASES)
    assert all(hits and misses for hits, misses in CASES.values())


def test_the_sound_record_has_nothing_to_say():
    class On:
        is_on, threshold = True, 0

    settings = {check.code: On() for check in registry}
    for check in registry:
        settings[check.code].threshold = check.threshold
    assert [check.code for check, _hit in run_record_checks(facts(), settings)] == []


def test_what_is_switched_off_is_not_asked():
    class Off:
        is_on, threshold = False, 0

    wrong = facts(of={"place": ""})
    assert list(run_record_checks(wrong, {check.code: Off() for check in registry})) == []


@pytest.mark.parametrize("check", list(registry), ids=lambda check: check.code)
def test_a_check_says_what_it_rests_on_and_what_helps(check):
    assert check.title
    assert check.article
    assert check.advice
    assert check.kind in CheckClass
    # Nothing here asks anybody to write down a meeting that did not take place.
    assert "补写" not in check.advice.replace("不补写", "").replace("不要补写", "")


def test_terms_are_what_a_text_is_about():
    assert terms.takes_up("王秀英说茶园清淤要抓紧", "研究茶园灌溉渠清淤工作")
    assert not terms.takes_up("学习了上级精神，大家作了讨论", "研究茶园灌溉渠清淤工作")
    assert terms.takes_up("什么都可以", "关于学习的会议")


def test_a_remark_is_part_of_what_was_said():
    said = {"remarks": (Remark(1, "张书记对群众不够耐心"),), "agenda": (FIRST,)}
    assert found("B12", facts("org_life", of=said))
