"""Records that read alike: copied ones are found, the township's own texts are left out."""

from datetime import date

import pytest

from meetings.models import AgendaItem, JointMeeting, Meeting, SharedText, TextBand
from meetings.reports.likeness import COMPARED_AT_MOST, Asked, alike, alike_each
from meetings.services.indexing import index_meetings
from tests import factories

pytestmark = pytest.mark.django_db

SAID = (
    "李建国提出村东头茶园的灌溉渠年久失修，雨季渗水严重，建议今冬组织党员义务清淤。"
    "王秀英认为清淤之外还要请水利站派人勘察，先把渗漏点找准再动工，免得来年返工。"
    "会议商定由张明负责联系水利站，本月底前拿出勘察意见，下次会议再定施工安排。"
)
OTHER = (
    "会议听取了今年村级财务收支情况，逐笔核对了路灯维修、环境整治和慰问困难党员三项支出。"
    "陈光华询问路灯维修为何分两次报账，会计当场出示了两批采购的票据和验收单据。"
    "大家同意将明细贴在公开栏，并请监督委员会下周再核对一次库存。"
)


def record(branch, said: str, *, day: date = date(2026, 10, 9), **fields) -> Meeting:
    meeting = factories.meeting(branch, day=day, title="支委会", **fields)
    AgendaItem.objects.create(meeting=meeting, position=1, kind="topic", title="议题", minutes=said)
    return meeting


def asked(branch, said: str, **fields) -> Asked:
    values = {"township_id": branch.township_id, "branch_id": branch.pk, "day": date(2026, 11, 9)}
    return Asked(**(values | {"said": said} | fields))


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


@pytest.fixture
def other(branch):
    return factories.branch("五阳村第一党支部", parent=branch.parent)


def test_a_record_copied_with_another_date_is_found(branch, other):
    copied = record(branch, "2026年10月9日，" + SAID)
    theirs = record(other, SAID.replace("张明", "赵强"))
    record(branch, OTHER)
    index_meetings()
    rows = alike(asked(branch, SAID + "11月9日"))
    assert [(row.meeting_id, row.is_own_branch) for row in rows if row.ratio >= 0.8] == [
        (copied.pk, True),
        (theirs.pk, False),
    ]
    assert rows[0].ratio == 1


def test_different_records_and_short_ones_are_not_alike(branch):
    record(branch, OTHER)
    record(branch, "全体党员集中学习。")
    index_meetings()
    assert [row for row in alike(asked(branch, SAID)) if row.ratio > 0.3] == []
    assert alike(asked(branch, "全体党员集中学习。")) == []


def test_what_the_township_gave_to_everyone_is_left_out(branch, other):
    record(other, SAID)
    SharedText.objects.create(
        township=branch.township, title="通稿", text=SAID, added_on=date(2026, 10, 1)
    )
    index_meetings()
    assert alike(asked(branch, SAID)) == []


def test_the_record_itself_later_ones_and_its_joint_partners_are_left_out(branch, other):
    staff = factories.person("staff", branch.township)
    joint = JointMeeting.objects.create(created_by=staff, created_at=factories.NOON)
    mine = record(branch, SAID, joint=joint)
    record(other, SAID, joint=joint)
    record(other, SAID, day=date(2026, 12, 1))
    index_meetings()
    one = asked(branch, SAID, meeting_id=mine.pk, joint_id=joint.pk)
    assert alike(one) == []


def test_another_township_is_not_compared(branch):
    record(factories.branch(parent=factories.township("木镇镇党委")), SAID)
    index_meetings()
    assert alike(asked(branch, SAID)) == []


def test_a_text_that_thousands_share_is_looked_up_in_the_same_few_rows(
    branch, django_assert_max_num_queries
):
    model = record(branch, SAID)
    index_meetings()
    found = list(model.bands.values_list("band", flat=True))
    many = Meeting.objects.bulk_create(
        Meeting(branch=branch, township=branch.township, title="支委会", day=model.day)
        for _ in range(5000)
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=one, position=1, kind="topic", title="议题", minutes=SAID)
        for one in many
    )
    TextBand.objects.bulk_create(
        TextBand(meeting=one, township=branch.township, band=found[n % len(found)])
        for n, one in enumerate(many)
    )
    with django_assert_max_num_queries(8):
        rows = alike(asked(branch, SAID))
    assert [row.ratio for row in rows] == [1] * COMPARED_AT_MOST


def test_the_name_of_the_branch_makes_no_difference(branch, other):
    mine = "上峰村茶园的灌溉渠年久失修，上峰村第一党支部组织党员清淤。" + SAID
    record(other, mine.replace("上峰村", "五阳村"))
    index_meetings()
    assert [row.ratio for row in alike(asked(branch, mine))] == [1]


def test_many_are_asked_at_once_with_the_same_reading(branch, django_assert_num_queries):
    record(branch, SAID)
    index_meetings()
    with django_assert_num_queries(8):
        rows = alike_each([asked(branch, SAID)] * 39 + [asked(branch, OTHER)])
    assert [len(found) for found in rows] == [1] * 39 + [0]
