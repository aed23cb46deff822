"""The pages of the problem list, as people use them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from branches.models import DutyKind
from inspections import services
from inspections.models import Issue, IssueState
from tests import factories

pytestmark = pytest.mark.django_db


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branch(township):
    return factories.branch("上峰村第一党支部", parent=township)


@pytest.fixture
def staff(township):
    return factories.person(DutyKind.STAFF, township)


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch)


def photo(name: str = "现场.jpg", size: tuple[int, int] = (3000, 2000)) -> SimpleUploadedFile:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    Image.new("RGB", size, "red").save(file, "JPEG", exif=exif)
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def test_raising_takes_a_branch_and_one_standard_finding(client, staff, branch):
    sign_in(client, staff)
    sent = {"branch": branch.pk, "finding": "absentees_unnamed", "severity": "light"}
    response = client.post(reverse("inspections:issue_create"), sent)
    issue = Issue.objects.get()
    assert response.headers["Location"] == issue.get_absolute_url()
    assert (issue.category, issue.title) == ("record", "会议记录缺请假人员或原因")
    assert issue.basis
    assert issue.demand
    assert issue.due_on == timezone.localdate() + timedelta(days=15)


def test_raising_without_a_finding_or_words_is_refused_at_the_field(client, staff, branch):
    sign_in(client, staff)
    response = client.post(
        reverse("inspections:issue_create"), {"branch": branch.pk, "severity": "light"}
    )
    assert "请选一项常见问题，或展开下面自行写明问题。" in response.text
    assert not Issue.objects.exists()


def test_a_deadline_in_the_past_is_refused_at_the_field(client, staff, branch):
    sign_in(client, staff)
    sent = {"branch": branch.pk, "title": "问题", "severity": "light", "due_on": "2020-01-01"}
    response = client.post(reverse("inspections:issue_create"), sent)
    assert "整改时限不能早于今天。" in response.text


def test_a_leader_raises_only_at_the_own_contact_points(client, township, branch):
    leader = factories.person(DutyKind.LEADER, township)
    other = factories.branch(parent=township)
    factories.contact_point(leader, branch)
    sign_in(client, leader)
    url = reverse("inspections:issue_create")
    assert client.get(url, {"branch": branch.pk}).status_code == 200
    assert client.get(url, {"branch": other.pk}).status_code == 403
    assert other not in client.get(url).context["form"].fields["branch"].queryset


def test_a_contact_point_that_ended_gives_no_right(client, township, branch):
    leader = factories.person(DutyKind.LEADER, township)
    factories.contact_point(leader, branch, to_on=timezone.localdate())
    sign_in(client, leader)
    url = reverse("inspections:issue_create")
    assert client.get(url, {"branch": branch.pk}).status_code == 403


def test_photos_are_made_anew_and_shown_only_to_those_who_see_the_issue(
    client, staff, branch, secretary
):
    sign_in(client, staff)
    sent = {"branch": branch.pk, "finding": "content_thin", "severity": "light", "photo": photo()}
    client.post(reverse("inspections:issue_create"), sent)
    issue = Issue.objects.get()
    with issue.photo.open() as file, Image.open(file) as kept:
        assert not kept.getexif()
        assert max(kept.size) <= 2000
    url = reverse("inspections:issue_photo", args=[issue.pk])
    assert client.get(url).headers["Content-Type"] == "image/jpeg"
    neighbour = factories.person(DutyKind.SECRETARY, factories.branch(), "邻支部书记")
    assert sign_in(client, neighbour).get(url).status_code == 404
    issue.photo.delete()


def test_a_file_that_is_no_picture_is_refused_at_the_field(client, staff, branch):
    sign_in(client, staff)
    fake = SimpleUploadedFile("现场.jpg", b"MZ not a picture", "image/jpeg")
    sent = {"branch": branch.pk, "finding": "content_thin", "severity": "light", "photo": fake}
    response = client.post(reverse("inspections:issue_create"), sent)
    assert response.status_code == 200
    assert "不是可用的" in response.text
    assert not Issue.objects.exists()


def test_the_round_of_answer_return_answer_and_close(client, staff, secretary, branch):
    issue = services.raise_issue(
        branch, category="record", title="会议记录缺请假人员", by=staff, at=timezone.now()
    )
    page = reverse("inspections:issue_detail", args=[issue.pk])
    answer = reverse("inspections:issue_answer", args=[issue.pk])
    assert "提交答复" in sign_in(client, secretary).get(page).text
    assert "这个字段" in client.post(answer, {"text": ""}).text
    client.post(answer, {"text": "已补记。"})
    assert "提交答复" not in client.get(page).text

    sign_in(client, staff)
    sent = {"note": "请写明原因", "due_on": timezone.localdate() + timedelta(days=5)}
    client.post(reverse("inspections:issue_return", args=[issue.pk]), sent)
    client.force_login(secretary, backend="branches.backends.DutyBackend")
    client.post(answer, {"text": "写明了原因。"})
    sign_in(client, staff)
    client.post(reverse("inspections:issue_close", args=[issue.pk]), {"note": "已核实"})
    issue.refresh_from_db()
    assert issue.state == IssueState.CLOSED
    assert "已核实" in client.get(page).text


def test_who_answered_is_told_to_leave_closing_to_another(client, township, branch):
    both = factories.person(DutyKind.STAFF, township)
    factories.Duty.objects.create(
        user=both, kind=DutyKind.SECRETARY, organization=branch, from_on=factories.LONG_AGO
    )
    issue = services.raise_issue(
        branch, category="record", title="问题", by=both, at=timezone.now()
    )
    services.answer_issue(issue, text="已补记。", by=both, at=timezone.now())
    sign_in(client, both)
    page = client.get(issue.get_absolute_url()).text
    assert "须由另一人复核销号" in page
    assert "复核通过，销号" not in page
    close = reverse("inspections:issue_close", args=[issue.pk])
    assert "答复人以外的人复核" in client.post(close, follow=True).text


def test_who_comes_second_is_told_so(client, staff, secretary, branch):
    issue = services.raise_issue(
        branch, category="record", title="问题", by=staff, at=timezone.now()
    )
    sign_in(client, secretary)
    answer = reverse("inspections:issue_answer", args=[issue.pk])
    client.post(answer, {"text": "第一份"})
    assert "刚刚变了" in client.post(answer, {"text": "第二份"}, follow=True).text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, {"待整改的", "已逾期的", "已答复的"}),
        ({"state": "overdue"}, {"已逾期的"}),
        ({"state": "answered"}, {"已答复的"}),
        ({"state": "closed"}, {"已销号的"}),
        ({"state": "every"}, {"待整改的", "已逾期的", "已答复的", "已销号的"}),
        ({"category": "content", "state": "every"}, set()),
        ({"q": "逾期"}, {"已逾期的"}),
        ({"state": "nonsense"}, {"待整改的", "已逾期的", "已答复的"}),
    ],
)
def test_the_list_is_narrowed(client, staff, secretary, branch, asked, shown):
    today = timezone.localdate()
    done = {"answer": "已补记。", "answered_by": secretary, "answered_at": factories.NOON}
    factories.issue(branch, raised_by=staff, title="待整改的", due_on=today)
    factories.issue(branch, raised_by=staff, title="已逾期的", due_on=today - timedelta(days=1))
    factories.issue(branch, raised_by=staff, title="已答复的", state="answered", **done)
    factories.issue(
        branch,
        raised_by=staff,
        title="已销号的",
        state="closed",
        closed_by=staff,
        closed_at=factories.NOON,
        **done,
    )
    response = sign_in(client, staff).get(reverse("inspections:issue_list"), asked)
    assert {issue.title for issue in response.context["page"]} == shown


def test_the_ledger_is_exported_with_its_columns(client, staff, branch):
    factories.issue(branch, raised_by=staff, title="=问题")
    sign_in(client, staff)
    response = client.get(reverse("inspections:issue_export"))
    sheet = load_workbook(BytesIO(response.getvalue())).active
    headers, line = list(sheet.values)
    assert headers[0] == "序号"
    assert line[2] == branch.name
    assert line[5] == "'=问题"


@pytest.mark.parametrize("route", ["issue_list", "issue_ledger"])
def test_lists_cost_the_same_for_one_issue_and_for_twenty(client, staff, branch, route):
    sign_in(client, staff)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"inspections:{route}")).status_code == 200
        return len(captured)

    factories.issue(branch, raised_by=staff)
    cost()  # the first page of a session writes it
    few = cost()
    for _ in range(20):
        other = factories.branch(parent=branch.parent)
        factories.issue(other, raised_by=staff)
    assert cost() == few <= 8


def test_an_issue_with_a_long_log_costs_at_most_eight_statements(client, secretary, staff, branch):
    issue = services.raise_issue(
        branch, category="record", title="问题", by=staff, at=timezone.now()
    )
    sign_in(client, secretary)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(issue.get_absolute_url())
        return len(captured)

    cost()  # the first page of a session writes it
    few = cost()
    for _ in range(5):
        services.answer_issue(issue, text="已补记。", by=secretary, at=timezone.now())
        services.return_issue(issue, note="还缺", by=staff, at=timezone.now())
    assert cost() == few <= 8
