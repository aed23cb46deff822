"""Results come and go with the data; a reason stays; who sees what."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.urls import reverse

from branches.models import DutyKind
from meetings.models import (
    CheckResult,
    CheckSetting,
    DatedDocument,
    Explanation,
    Meeting,
    MeetingState,
    SharedText,
)
from meetings.reports.check_results import results_for
from meetings.reports.check_settings import settings_for
from meetings.rules import Span
from meetings.services import explain_gap, withdraw_explanation
from meetings.services.checks import (
    explain_result,
    refresh_branches,
    refresh_checks,
    refresh_records,
    repeat_checks,
    withdraw_reason,
)
from tests import factories

pytestmark = pytest.mark.django_db
NOON = factories.NOON
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def branch():
    branch = factories.branch("上峰党支部")
    members = factories.members(branch, 3)
    factories.post(members[0])
    return branch


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch)


@pytest.fixture
def staff(branch):
    return factories.person(DutyKind.STAFF, branch.township)


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def result(branch, code="A05", subject="meeting:7:off", **fields) -> CheckResult:
    values = {"text": "主题党日不在固定日", "day": date(2026, 11, 1), "found_at": NOON}
    return CheckResult.objects.create(
        branch=branch, code=code, subject=subject, **(values | fields)
    )


def subjects(**only) -> set[tuple[str, str]]:
    return set(CheckResult.objects.filter(**only).values_list("code", "subject"))


# --- Keeping --------------------------------------------------------------------------------------


def test_a_refresh_finds_what_there_is_and_a_second_one_nothing(branch):
    assert refresh_branches(at=NOON) > 0
    assert ("A01", "gap:assembly:2026-Q3") in subjects()
    assert ("A18", "plan:2026") in subjects()
    before = list(CheckResult.objects.order_by("pk").values())
    assert refresh_branches(at=LATER) == 0
    assert list(CheckResult.objects.order_by("pk").values()) == before


def test_what_is_mended_goes_and_what_changed_is_told_anew(branch):
    refresh_branches(at=NOON)
    row = CheckResult.objects.get(code="A04", subject="gap:theme_day:2026-10")
    CheckResult.objects.filter(code="A18").update(text="以前的说法")
    factories.meeting(branch, kinds=("theme_day",), day=date(2026, 10, 10))
    assert refresh_branches(at=LATER) > 1
    assert not CheckResult.objects.filter(pk=row.pk).exists()
    assert "计划" in CheckResult.objects.get(code="A18").text


def test_a_reason_outlives_the_hit_and_closes_it_when_it_comes_again(branch, secretary):
    factories.members(branch, 50)
    refresh_branches(at=NOON)
    row = CheckResult.objects.get(code="A15")
    assert explain_result(row, reason="正在商分设", by=secretary, at=NOON)
    assert not explain_result(row, reason="再说一次", by=secretary, at=NOON)
    extra = branch.members.last()
    extra.memberships.update(to_on=date(2026, 11, 1))
    branch.members.exclude(pk=extra.pk).first().memberships.update(to_on=date(2026, 11, 1))
    branch.members.exclude(pk=extra.pk).last().memberships.update(to_on=date(2026, 11, 1))
    refresh_branches(at=LATER)
    row.refresh_from_db()
    assert (row.is_current, row.reason) == (False, "正在商分设")
    extra.memberships.update(to_on=None)
    refresh_branches(at=LATER)
    row.refresh_from_db()
    assert row.is_current
    assert not CheckResult.objects.open().filter(code="A15").exists()


def test_taking_a_reason_back_opens_the_result_or_lets_it_go(branch, secretary):
    holds = result(branch)
    gone = result(branch, subject="meeting:8:off", is_current=False)
    for row in (holds, gone):
        explain_result(row, reason="防汛", by=secretary, at=NOON)
        row.refresh_from_db()
        assert withdraw_reason(row, by=secretary, at=LATER)
        assert not withdraw_reason(row, by=secretary, at=LATER)
    assert list(CheckResult.objects.open()) == [holds]
    log = LogEntry.objects.get_for_object(holds).order_by("pk")
    assert [entry.changes["reason"] for entry in log] == [["", "防汛"], ["防汛", ""]]


def test_a_gap_is_explained_both_ways(branch, secretary):
    refresh_branches(at=NOON)
    first, second = "gap:theme_day:2026-09", "gap:theme_day:2026-10"
    explain_result(CheckResult.objects.get(subject=first), reason="防汛", by=secretary, at=NOON)
    explained = Explanation.objects.get(branch=branch, code="theme_day")
    assert (explained.period_start, explained.reason) == (date(2026, 9, 1), "防汛")
    given = explain_gap(
        branch,
        code="theme_day",
        span=Span.parse("2026-10"),
        kind="not_held",
        reason="停电",
        by=secretary,
        at=NOON,
    )
    assert second not in {subject for _code, subject in subjects()}
    refresh_branches(at=LATER)
    assert second not in {subject for _code, subject in subjects()}
    withdraw_explanation(given, at=LATER)
    row = CheckResult.objects.get(subject=first)
    withdraw_reason(row, by=secretary, at=LATER)
    refresh_branches(at=LATER)
    assert {first, second} <= {row.subject for row in CheckResult.objects.open()}


def test_texts_are_kept_in_simplified_whoever_asks(branch, settings):
    from django.utils import translation

    with translation.override("zh-hant"):
        refresh_branches(at=NOON)
    assert "支部党员大会" in CheckResult.objects.get(code="A01").text


def test_a_switch_and_a_number_of_the_township_hold_for_it_alone(branch):
    other = factories.branch(parent=factories.township("新河镇党委"))
    factories.members(other, 3)
    CheckSetting.objects.create(township=branch.township, code="A18", is_on=False)
    CheckSetting.objects.create(township=other.township, code="A12", threshold=3)
    CheckSetting.objects.create(township=other.township, code="Z99", is_on=False)
    refresh_branches(at=NOON)
    assert set(CheckResult.objects.filter(code="A18").values_list("branch", flat=True)) == {
        other.pk
    }
    assert settings_for(other.township_id)["A12"] == (True, 3)
    assert settings_for(branch.township_id)["A12"] == (True, 6)
    assert settings_for(None)["A18"].is_on


# --- Records --------------------------------------------------------------------------------------


def test_a_record_is_looked_at_once_for_each_of_its_versions(branch):
    meeting = factories.meeting(branch, day=date(2026, 11, 5))
    draft = factories.meeting(branch, state=MeetingState.DRAFT)
    assert list(Meeting.objects.to_check()) == [meeting]
    refresh_records(at=NOON)
    assert not Meeting.objects.to_check().exists()
    draft.refresh_from_db()
    assert draft.checked_version == 0
    Meeting.objects.filter(pk=meeting.pk).update(version=2)
    assert list(Meeting.objects.to_check()) == [meeting]


def test_a_record_brings_its_branch_up_to_date(branch):
    refresh_checks(at=NOON)
    assert ("A04", "gap:theme_day:2026-10") in subjects()
    factories.meeting(branch, kinds=("theme_day",), day=date(2026, 10, 10))
    refresh_records(at=LATER)
    assert ("A04", "gap:theme_day:2026-10") not in subjects()


def test_what_was_found_in_a_record_goes_when_it_is_taken_back(branch, secretary):
    meeting = factories.meeting(branch, state=MeetingState.DRAFT)
    found = result(branch, "C02", f"meeting:{meeting.pk}:late", meeting=meeting)
    explained = result(branch, "B08", f"meeting:{meeting.pk}:same", meeting=meeting)
    explain_result(explained, reason="人手少", by=secretary, at=NOON)
    refresh_records(at=NOON)
    assert not CheckResult.objects.filter(pk=found.pk).exists()
    explained.refresh_from_db()
    assert not explained.is_current


def test_each_night_records_of_the_last_hundred_days_are_looked_at_anew(branch):
    recent = factories.meeting(branch, day=date(2026, 11, 5))
    old = factories.meeting(branch, day=date(2026, 5, 5))
    refresh_checks(at=NOON)
    Meeting.objects.update(checked_version=1)
    CheckResult.objects.all().delete()
    repeat_checks(at=LATER)
    assert ("A01", "gap:assembly:2026-Q3") in subjects()
    assert not Meeting.objects.to_check().exists()
    assert {recent.pk, old.pk} == set(Meeting.objects.values_list("pk", flat=True))


# --- Who sees what --------------------------------------------------------------------------------


def seen(user) -> set[str]:
    return {row.code for row in results_for(user)}


def test_names_suspicions_and_what_leaders_owe_are_for_those_they_concern(branch, secretary, staff):
    leader = factories.person(DutyKind.LEADER, branch.township)
    observer = factories.person(DutyKind.OBSERVER, branch.township.parent)
    member = branch.members.first()
    result(branch, "A12", "term:2026-12-01")
    result(branch, "C15", f"member:{member.pk}:absent:2026-08-01:3")
    result(branch, "A17", "members:hours:2026")
    result(branch, "D04", "issue:1")
    result(branch, "D05", "leader:1:2026")
    assert seen(secretary) == {"A12", "C15", "A17", "D04"}
    assert seen(staff) == {"A12", "C15", "A17", "D04", "D05"}
    assert seen(leader) == {"A12", "D04", "D05"}
    assert seen(observer) == {"A12", "D05"}
    neighbour = factories.person(DutyKind.SECRETARY, factories.branch())
    assert seen(neighbour) == set()


def test_the_list_has_its_parts_and_no_number(client, branch, secretary):
    result(branch, "A12", "term:2026-12-01", text="届期将于2026年12月1日届满。")
    meeting = factories.meeting(branch, title="十一月支委会")
    result(branch, "C02", f"meeting:{meeting.pk}:x", meeting=meeting, text="与会议相隔20天。")
    done = result(branch, "A15", "size:too_many:2026", text="党员51人。")
    explain_result(done, reason="正在商分设", by=secretary, at=NOON)
    url = reverse("meetings:check_list")
    page = sign_in(client, secretary).get(url).content.decode()
    assert "届期将于2026年12月1日届满。" in page
    assert "第二十一条" in page
    assert "与会议相隔20天。" not in page
    assert "正在商分设" not in page
    suspicions = client.get(url, {"show": "suspicions"}).content.decode()
    assert "不计数、不作为问题" in suspicions
    assert "十一月支委会" in suspicions
    assert "列入问题清单" not in suspicions
    assert "正在商分设" in client.get(url, {"show": "explained"}).content.decode()


def test_the_county_has_no_part_of_suspicions(client, branch):
    result(branch, "D04", "issue:1", text="只提到补记。")
    observer = factories.person(DutyKind.OBSERVER, branch.township.parent)
    page = sign_in(client, observer).get(reverse("meetings:check_list"), {"show": "suspicions"})
    assert "只提到补记。" not in page.content.decode()
    assert 'href="?show=suspicions"' not in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"A05", "A12"}),
        ({"kind": "rule"}, {"A12"}),
        ({"kind": "local"}, {"A05"}),
        ({"code": "A05"}, {"A05"}),
        ({"month": "2026-11"}, {"A05"}),
        ({"month": "2026-13"}, {"A05", "A12"}),
        ({"branch": "nobody"}, {"A05", "A12"}),
    ],
)
def test_filters_narrow_the_list(client, branch, staff, asked, found):
    factories.branch()
    result(branch, "A05", "meeting:7:off")
    result(branch, "A12", "term:2026-12-01", day=date(2026, 12, 1))
    response = sign_in(client, staff).get(reverse("meetings:check_list"), asked)
    assert {row.code for row in response.context["page"].object_list} == found


def test_a_reason_is_given_in_place_without_scripts(client, branch, secretary):
    row = result(branch)
    url = reverse("meetings:check_explain", args=[row.pk])
    back = f"{reverse('meetings:check_list')}?code=A05"
    sign_in(client, secretary)
    response = client.post(url, {"reason": "", "next": back}, follow=True)
    assert "请写明原因。" in response.content.decode()
    response = client.post(url, {"reason": "村里抢险", "next": back})
    assert response["Location"] == back
    row.refresh_from_db()
    assert (row.reason, row.explained_by) == ("村里抢险", secretary)


def test_a_gap_leads_to_the_page_where_it_is_explained(client, branch, secretary):
    result(branch, "A04", "gap:theme_day:2026-10", text="2026年10月主题党日：没有开展的记录。")
    page = sign_in(client, secretary).get(reverse("meetings:check_list")).content.decode()
    way_out = reverse("meetings:explanation_create", args=[branch.pk, "theme_day", "2026-10"])
    assert way_out in page
    assert reverse("meetings:check_explain", args=[CheckResult.objects.get().pk]) not in page


def test_a_leader_reads_and_does_not_answer_for_the_branch(client, branch):
    leader = factories.person(DutyKind.LEADER, branch.township)
    row = result(branch)
    sign_in(client, leader)
    assert "提交说明" not in client.get(reverse("meetings:check_list")).content.decode()
    url = reverse("meetings:check_explain", args=[row.pk])
    assert client.post(url, {"reason": "代为说明"}).status_code == 403


# --- Settings -------------------------------------------------------------------------------------


def filled(**changes) -> dict:
    """What the settings' form sends when nothing is changed, with these changes."""
    sent = {}
    for code, setting in settings_for(None).items():
        if setting.is_on:
            sent[f"on_{code}"] = "on"
        if setting.threshold:
            sent[f"number_{code}"] = str(setting.threshold)
    return {name: value for name, value in (sent | changes).items() if value is not None}


def test_staff_switch_checks_off_and_set_their_numbers(client, branch, staff):
    meeting = factories.meeting(branch, day=date(2026, 11, 5))
    refresh_checks(at=NOON)
    assert CheckResult.objects.filter(code="A18").exists()
    url = reverse("meetings:check_settings")
    sign_in(client, staff).post(url, filled(on_A18=None, number_A13="30", number_A12=""))
    assert list(CheckSetting.objects.values_list("code", "is_on", "threshold")) == [
        ("A13", True, 30),
        ("A18", False, None),
    ]
    assert not CheckResult.objects.filter(code="A18").exists()
    settings = settings_for(branch.township_id)
    assert (settings["A13"].threshold, settings["A12"].threshold) == (30, 6)
    assert not settings["A18"].is_on
    meeting.refresh_from_db()
    assert list(Meeting.objects.to_check()) == [] or meeting.checked_version == 0


def test_settings_that_make_no_sense_are_refused(client, branch, staff):
    page = sign_in(client, staff).post(reverse("meetings:check_settings"), filled(number_A13="0"))
    assert page.status_code == 200
    assert not CheckSetting.objects.exists()


def test_the_townships_own_documents_are_kept_and_the_national_ones_stay(client, branch, staff):
    national = DatedDocument.objects.create(title="全国文件汇编", issued_on=date(2026, 1, 1))
    sign_in(client, staff)
    sent = {"title": "冬修水利方案", "aliases": " 水利实施方案 \n\n", "issued_on": "2026-11-01"}
    client.post(reverse("meetings:check_document_create"), sent)
    own = DatedDocument.objects.get(township=branch.township)
    assert own.aliases == "水利实施方案"
    page = client.get(reverse("meetings:check_documents")).content.decode()
    assert "全国文件汇编" in page
    for name in ("edit", "delete"):
        url = reverse(f"meetings:check_document_{name}", args=[national.pk])
        assert client.post(url, sent).status_code == 404
    client.post(reverse("meetings:check_document_delete", args=[own.pk]))
    assert not DatedDocument.objects.filter(township=branch.township).exists()


def test_a_name_too_short_to_be_sure_is_not_taken(client, branch, staff):
    sent = {"title": "细则", "issued_on": "2026-11-01"}
    page = sign_in(client, staff).post(reverse("meetings:check_document_create"), sent)
    assert "至少写4个字" in page.content.decode()


def test_shared_texts_are_kept(client, branch, staff):
    sent = {"title": "学习提纲", "text": "第一条……", "added_on": "2026-11-01"}
    sign_in(client, staff).post(reverse("meetings:check_text_create"), sent)
    text = SharedText.objects.get()
    assert text.township == branch.township
    client.post(reverse("meetings:check_text_edit", args=[text.pk]), sent | {"title": "提纲"})
    text.refresh_from_db()
    assert text.title == "提纲"
    client.post(reverse("meetings:check_text_delete", args=[text.pk]))
    assert not SharedText.objects.exists()


# --- First pages ----------------------------------------------------------------------------------


def test_first_pages_name_what_was_found_and_never_how_much(client, branch, secretary, staff):
    for n in range(7):
        result(branch, "A05", f"meeting:{n}:off", text=f"第{n}次主题党日不在固定日。")
    result(branch, "D04", "issue:1")
    done = result(branch, "A12", "term:2026-12-01")
    explain_result(done, reason="已报延期", by=secretary, at=NOON)
    for user in (secretary, staff):
        page = sign_in(client, user).get("/").content.decode()
        assert page.count("主题党日不在固定日或顺延期内") == 1
        assert "只有补记的记录" not in page
        assert "届期将满" not in page


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a planner chooses by size elsewhere")
def test_what_is_to_be_checked_is_found_by_its_index():
    pending = Meeting.objects.to_check().order_by("pk").filter(pk__gt=0)
    assert "meeting_to_check" in pending[:500].explain()
