"""What each kind of meeting asks and shows: criticism, grades, votes on one person, elections."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import (
    AgendaItem,
    Appraisal,
    Candidate,
    Criticism,
    Meeting,
    MeetingState,
    Problem,
    Vote,
)
from tests import factories
from tests.meetings.sending import Fields, away, errors, page, send, signed_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 11)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-11T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch()


@pytest.fixture
def people(branch):
    them = [factories.member(branch, name) for name in ("李建国", "王芳", "张伟", "刘英", "陈强")]
    for member, role in zip(them, ("secretary", "organization", "publicity"), strict=False):
        factories.post(member, role)
    return them


@pytest.fixture
def secretary(branch):
    return signed_in("secretary", branch)


def hand_in(secretary, kind: str, **typed) -> Meeting:
    fields = page(secretary, f"/meetings/new/?kind={kind}")
    response = send(secretary, fields, **{"place": "会议室", **typed})
    assert response.status_code == 302, errors(response)
    return Meeting.objects.latest("pk")


def read(secretary, meeting: Meeting) -> str:
    html = secretary.get(f"/meetings/{meeting.pk}/").content.decode()
    return " ".join(html.split())


def cost(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# --- 组织生活会 ---------------------------------------------------------------------------------


def org_life(people) -> dict:
    return {
        "remark-TOTAL_FORMS": "2",
        "remark-0-speaker": str(people[0].pk),
        "remark-0-text": "走访群众不够",
        "remark-1-speaker": str(people[1].pk),
        "remark-1-target": str(people[0].pk),
        "remark-1-text": "布置多、检查少",
        "problem-TOTAL_FORMS": "2",
        "problem-0-text": "学习制度坚持不好",
        "problem-0-remedy": "每月集中学习两次",
        "problem-0-responsible": str(people[1].pk),
        "problem-0-due_on": "2026-12-31",
        "problem-1-member": str(people[0].pk),
        "problem-1-text": "入户少",
    }


def test_an_org_life_meeting_keeps_criticism_and_problems(secretary, people):
    meeting = hand_in(secretary, "org_life", **org_life(people))
    said = [(row.speaker.name, row.target and row.target.name) for row in meeting.criticisms.all()]
    assert said == [("李建国", None), ("王芳", "李建国")]
    assert [row.member for row in meeting.problems.all()] == [None, people[0]]
    html = read(secretary, meeting)
    for text in ("自我批评", "对李建国", "布置多、检查少", "每月集中学习两次", "2026-12-31"):
        assert text in html


def test_a_row_that_was_edited_stays_the_same_row(secretary, people):
    meeting = hand_in(secretary, "org_life", **org_life(people))
    first, second = Problem.objects.values_list("pk", flat=True)
    fields = page(secretary, f"/meetings/{meeting.pk}/record/")
    typed = {"problem-0-DELETE": "on", "problem-1-text": "入户太少", "reason": "更正"}
    assert send(secretary, fields, **typed).status_code == 302
    assert list(Problem.objects.values_list("pk", "text")) == [(second, "入户太少")]
    assert first != second


def test_a_target_who_is_the_speaker_is_self_criticism(secretary, people):
    me = str(people[0].pk)
    typed = {"remark-0-speaker": me, "remark-0-target": me, "remark-0-text": "学得不深"}
    meeting = hand_in(secretary, "org_life", **typed)
    assert meeting.criticisms.get().target is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"remark-0-text": "学得不深"}, "请选择发言人"),
        ({"remark-0-speaker": "first"}, "请写明批评或自我批评的内容"),
        ({"problem-0-remedy": "改"}, "请写明问题"),
    ],
)
def test_half_a_row_is_answered_at_its_field(secretary, people, typed, said):
    typed = {k: str(people[0].pk) if v == "first" else v for k, v in typed.items()}
    response = send(secretary, page(secretary, "/meetings/new/?kind=org_life"), **typed)
    assert said in errors(response)


def test_who_was_away_cannot_have_spoken(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=org_life")
    typed = org_life(people) | away(fields, people[1], "leave:sick") | {"place": "村部"}
    response = send(secretary, fields, **typed)
    assert "王芳没有到会" in errors(response)
    assert Criticism.objects.count() == 2


# --- 民主评议党员 -------------------------------------------------------------------------------


def test_all_are_graded_by_default_and_probationary_members_never(secretary, branch, people):
    young = factories.member(branch, "周小明", full_on=None)
    meeting = hand_in(secretary, "evaluation", **{f"grade-{young.pk}": "excellent"})
    grades = dict(meeting.appraisals.values_list("member", "grade"))
    assert grades == {member.pk: "qualified" for member in people} | {young.pk: ""}
    html = read(secretary, meeting)
    assert "合格 5 人" in html
    assert "不评定等次 1 人" in html


def test_more_than_a_third_excellent_is_refused(secretary, branch, people):
    factories.member(branch, "周小明", full_on=None)
    fields = page(secretary, "/meetings/new/?kind=evaluation")
    best = {f"grade-{member.pk}": "excellent" for member in people[:2]}
    response = send(secretary, fields, place="村部", **best)
    assert "评为优秀的有 2 人，一般不超过评定等次人数的三分之一，即 1 人" in errors(response)
    again = Fields(response.content.decode())
    assert again.sent[f"grade-{people[0].pk}"] == ["excellent"]
    typed = {f"grade-{people[1].pk}": "qualified"}
    assert send(secretary, again, **typed).status_code == 302
    assert Appraisal.objects.filter(grade="excellent").get().member == people[0]


def test_a_member_has_no_more_ballots_than_there_are_people(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=evaluation")
    name = people[2].pk
    typed = {f"excellent-{name}": "3", f"qualified-{name}": "3", "place": "村部"}
    response = send(secretary, fields, **typed)
    assert "张伟的测评票共 6 张，多于到会的 5 人" in errors(response)
    assert send(secretary, Fields(response.content.decode()), **{f"qualified-{name}": "2"})
    row = Appraisal.objects.get(member=name)
    assert (row.excellent, row.qualified) == (3, 2)


def test_saving_what_came_back_changes_no_grade(secretary, people):
    meeting = hand_in(secretary, "evaluation", **{f"grade-{people[0].pk}": "excellent"})
    before = set(Appraisal.objects.values_list())
    fields = page(secretary, f"/meetings/{meeting.pk}/record/")
    assert send(secretary, fields, reason="更正").status_code == 302
    assert set(Appraisal.objects.values_list()) == before


# --- 发展党员, 选举 ------------------------------------------------------------------------------


def decision(rule: str, **fields) -> dict:
    values = {"kind": "decision", "title": "议题", "rule": rule} | fields
    return {"first_title": "全会精神"} | {f"item-0-{name}": v for name, v in values.items()}


def test_an_admission_names_one_person_and_is_carried_by_half_of_those_expected(secretary, people):
    typed = decision("admission", candidate="周小明、吴敏", step="admit", in_favour="5", title="")
    fields = page(secretary, "/meetings/new/?kind=assembly")
    response = send(secretary, fields, place="村部", **typed)
    assert "请一人列一项" in errors(response)
    assert "入党介绍人" in errors(response)
    again = Fields(response.content.decode())
    typed = {
        "item-0-candidate": "周小明",
        "item-0-introducers": "王芳、张伟",
        "item-0-title": "",
        "item-0-in_favour": "3",
        "item-0-against": "1",
        "item-0-invalid": "1",
    }
    assert send(secretary, again, **typed).status_code == 302
    assert Vote.objects.get().candidate == "周小明"
    html = read(secretary, Meeting.objects.get())
    for text in ("接收周小明为预备党员", "入党介绍人 王芳、张伟", "无效票 1", "赞成 3，通过"):
        assert text in html


def test_an_election_says_who_is_elected(secretary, people):
    typed = decision("election", choices="李建国 5\n王芳：3票\n张伟 2", invalid="0")
    meeting = hand_in(secretary, "assembly", **typed)
    assert list(Candidate.objects.values_list("name", "in_favour")) == [
        ("李建国", 5),
        ("王芳", 3),
        ("张伟", 2),
    ]
    assert "实到会有选举权 5 人，过半数为 3 人；当选：李建国、王芳" in read(secretary, meeting)
    again = page(secretary, f"/meetings/{meeting.pk}/record/").sent
    assert again["item-0-choices"] == ["李建国 5\n王芳 3\n张伟 2"]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("李建国", "每行写一人的姓名和票数"),
        ("李建国 3\n李建国 2", "李建国写了两次"),
        ("李建国 6", "有人得 6 票，多于有效票 5 张"),
    ],
)
def test_an_election_that_cannot_be_is_answered_at_its_field(secretary, people, choices, said):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    response = send(secretary, fields, place="村部", **decision("election", choices=choices))
    assert said in errors(response)


def test_an_election_without_four_fifths_is_void(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    gone = {"away": [str(m.pk) for m in people[3:]]}
    gone |= {f"state-{m.pk}": "leave:duty" for m in people[3:]}
    typed = decision("election", choices="李建国 3") | gone
    assert send(secretary, fields, place="村部", **typed).status_code == 302
    assert "到会 3 人，不足 4 人，表决无效" in read(secretary, Meeting.objects.get())


def test_whom_the_meeting_leaves_out_lowers_the_base_of_an_election_and_is_printed(
    secretary, people
):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    gone = {"away": [str(people[4].pk)], f"state-{people[4].pk}": "leave:sick"}
    left_out = {"adjust-0-member": str(people[4].pk), "adjust-0-reason": "长期卧病，大会同意"}
    typed = decision("election", choices="李建国 3") | gone | left_out
    assert send(secretary, fields, place="村部", **typed).status_code == 302
    html = read(secretary, Meeting.objects.get())
    assert "应到调整" in html
    assert "陈强不计入应到（长期卧病，大会同意）" in html
    found = Meeting.objects.get().attendance.get(member=people[4])
    assert (found.state, found.adjustment) == ("leave", "长期卧病，大会同意")
    again = page(secretary, f"/meetings/{Meeting.objects.get().pk}/record/").sent
    assert again["adjust-0-reason"] == ["长期卧病，大会同意"]


def test_leaving_somebody_out_needs_a_reason(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    response = send(secretary, fields, **{"adjust-0-member": str(people[4].pk)})
    assert "请写明不计入应到的理由" in errors(response)


def test_a_committee_decides_without_choosing_a_rule(secretary, people):
    typed = {"item-0-kind": "decision", "item-0-title": "困难党员慰问", "item-0-in_favour": "3"}
    typed |= {"item-0-responsible": "王芳", "item-0-due_on": "2026-12-01"}
    meeting = hand_in(secretary, "committee", first_title="全会精神", **typed)
    item = meeting.agenda.get(kind="decision")
    assert (item.vote.rule, item.responsible, item.due_on) == (
        "committee",
        "王芳",
        date(2026, 12, 1),
    )
    assert "落实责任人 王芳" in read(secretary, meeting)


# --- 决议落实 -----------------------------------------------------------------------------------


@pytest.fixture
def decided(branch):
    held = factories.meeting(branch, kinds=("assembly",), day=DAY - timedelta(days=30))
    return AgendaItem.objects.create(
        meeting=held, position=1, kind="decision", title="硬化村组道路", responsible="王芳"
    )


def test_an_open_decision_is_taken_up_in_one_tap_and_then_no_longer_offered(
    secretary, branch, people, decided
):
    url = f"/meetings/suggestions/{branch.pk}/?kinds=assembly"
    assert "硬化村组道路" in secretary.get(url).content.decode()
    fields = page(secretary, f"/meetings/new/?kind=assembly&follows={decided.pk}")
    assert fields.sent["item-0-title"] == ["“硬化村组道路”落实情况"]
    assert send(secretary, fields, first_title="全会精神", place="村部").status_code == 302
    item = AgendaItem.objects.get(follows=decided)
    assert "落实 2026-10-12 的决议“硬化村组道路”" in read(secretary, item.meeting)
    assert "硬化村组道路" not in secretary.get(url).content.decode()
    # The meeting that reports on it goes on offering it to itself alone.
    own = secretary.get(f"{url}&meeting={item.meeting_id}").content.decode()
    assert "硬化村组道路" in own


@pytest.mark.parametrize("kinds", ["committee", "lecture"])
def test_a_decision_is_offered_to_those_who_made_it(secretary, branch, people, decided, kinds):
    html = secretary.get(f"/meetings/suggestions/{branch.pk}/?kinds={kinds}").content.decode()
    assert ("硬化村组道路" in html) == (kinds != "committee")


def test_another_branchs_decision_is_not_followed(secretary, people, decided):
    other = factories.meeting(factories.branch(), kinds=("assembly",), day=DAY)
    foreign = AgendaItem.objects.create(meeting=other, position=1, kind="decision", title="外村")
    typed = {"item-0-kind": "topic", "item-0-title": "修路", "item-0-follows": str(foreign.pk)}
    meeting = hand_in(secretary, "assembly", first_title="全会精神", **typed)
    assert meeting.agenda.get(kind="topic").follows is None


# --- 谈心谈话 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ((0, 1), "支委之间谈心谈话"),
        ((0, 4), "支委与党员谈心谈话"),
        ((3, 4), "党员之间谈心谈话"),
    ],
)
def test_a_talk_is_named_by_the_posts_of_its_day(secretary, people, pair, said):
    there = [str(people[n].pk) for n in pair]
    recorder = {"chair": there[0], "recorder": there[1]}
    meeting = hand_in(secretary, "talk", took_part=there, summary="家里有困难", **recorder)
    assert meeting.title.startswith(f"{said}：")
    # Posts that came later change nothing.
    factories.post(people[3], "discipline", from_on=DAY + timedelta(days=1))
    assert f"<dd>{said}</dd>" in read(secretary, meeting)


# --- What pages cost ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["org_life", "evaluation", "assembly", "talk", "committee"])
def test_every_kind_costs_no_more_than_a_page(secretary, branch, people, kind):
    typed = {"org_life": org_life(people)}.get(kind, {})
    if kind == "talk":
        typed = {"took_part": [str(m.pk) for m in people[:2]], "chair": str(people[0].pk)}
        typed["recorder"] = str(people[1].pk)
    if kind in ("assembly", "committee"):
        typed = {"first_title": "全会精神"}
    if kind == "assembly":
        typed |= decision("election", choices="李建国 5")
    fields = page(secretary, f"/meetings/new/?kind={kind}")
    assert send(secretary, fields, action="draft", place="村部", **typed).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.state == MeetingState.DRAFT
    assert cost(secretary, f"/meetings/{meeting.pk}/") <= 8
    assert cost(secretary, f"/meetings/{meeting.pk}/record/") <= 8


def test_ballots_that_nobody_wrote_down_are_no_columns(secretary, people):
    meeting = hand_in(secretary, "evaluation")
    assert "优秀票" not in read(secretary, meeting)
    fields = page(secretary, f"/meetings/{meeting.pk}/record/")
    send(secretary, fields, reason="补记票数", **{f"qualified-{people[0].pk}": "5"})
    assert "优秀票" in read(secretary, meeting)
