"""自查示例镇: five branches without a fault but for those planted here, one for each check.

For those who keep the system: what a hit looks like on the page. Everything lies relative to the
day it is built on; what is asked about only late in the year (A07, A11, A17) or not in its first
weeks (A18, D05) is planted all the same and shows itself when its time has come.
"""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from accounts.models import User
from branches.models import (
    BranchType,
    ContactPoint,
    Duty,
    DutyKind,
    Organization,
    OrganizationKind,
    PartyGroup,
    PostRole,
    Term,
)
from branches.services.organizations import create_organization
from meetings.models import (
    ActivityPolicy,
    Explanation,
    ExplanationKind,
    FixedAction,
    Obligation,
    PlanState,
    YearPlan,
    YearPlanItem,
)
from meetings.reports.standing import standing
from meetings.rules import Span, State

from . import exhibit_care, exhibit_truth, exhibit_votes
from .room import LONG_AGO, Room, moment

VOTES, TRUTH, GAPS, POSTS, CARE = "清溪村", "桂竹村", "石门村", "柳湾村", "枫林村"

# Which check finds what: its code to the branch and what the hit is about.
PLANTED: dict[str, set[tuple[str, str]]] = {
    "A01": {(GAPS, "gap")},
    "A02": {(GAPS, "gap")},
    "A03": {(GAPS, "gap")},
    "A04": {(GAPS, "gap")},
    "A05": {(VOTES, "meeting")},
    "A06": {(VOTES, "meeting")},
    "A07": {(GAPS, "gap"), (GAPS, "lecture")},
    "A08": {(GAPS, "gap")},
    "A09": {(GAPS, "gap")},
    "A10": {(CARE, "meeting")},
    "A11": {(GAPS, "member"), (GAPS, "talk")},
    "A12": {(POSTS, "term")},
    "A13": {(POSTS, "post")},
    "A14": {(POSTS, "size")},
    "A15": {(POSTS, "size")},
    "A16": {(GAPS, "members")},
    "A17": {(GAPS, "members")},
    "A18": {(GAPS, "plan")},
    "B01": {(VOTES, "meeting")},
    "B02": {(VOTES, "meeting")},
    "B03": {(VOTES, "meeting")},
    "B04": {(VOTES, "meeting")},
    "B05": {(VOTES, "meeting")},
    "B06": {(VOTES, "meeting")},
    "B07": {(VOTES, "meeting")},
    "B08": {(VOTES, "meeting")},
    "B09": {(VOTES, "meeting")},
    "B10": {(VOTES, "meeting")},
    "B11": {(VOTES, "meeting")},
    "B12": {(VOTES, "meeting")},
    "B13": {(VOTES, "meeting")},
    "B14": {(VOTES, "meeting")},
    "B15": {(VOTES, "meeting")},
    "B16": {(VOTES, "meeting")},
    "B17": {(VOTES, "meeting")},
    "B18": {(VOTES, "meeting")},
    "B19": {(VOTES, "meeting")},
    "B20": {(VOTES, "meeting")},
    "B21": {(VOTES, "meeting")},
    "B22": {(VOTES, "meeting")},
    "B23": {(VOTES, "meeting")},
    "B24": {(VOTES, "meeting")},
    "C01": {(TRUTH, "meeting")},
    "C02": {(TRUTH, "meeting")},
    "C03": {(TRUTH, "meeting")},
    "C04": {(TRUTH, "meeting")},
    "C05": {(TRUTH, "meeting")},
    "C06": {(TRUTH, "meeting")},
    # Who sits in a 支委会 without belonging to it (B23) is not on its roster either.
    "C07": {(TRUTH, "meeting"), (VOTES, "meeting")},
    "C08": {(TRUTH, "meeting")},
    "C09": {(CARE, "meeting")},
    "C10": {(TRUTH, "meeting")},
    "C11": {(VOTES, "meeting")},
    "C12": {(TRUTH, "meeting")},
    "C13": {(TRUTH, "meeting")},
    "C14": {(TRUTH, "meeting")},
    "C15": {(CARE, "member")},
    "C16": {(CARE, "member")},
    "C17": {(CARE, "member")},
    "C18": {(TRUTH, "meeting")},
    "C19": {(TRUTH, "meeting")},
    "C20": {(TRUTH, "meeting")},
    "C21": {(TRUTH, "meeting")},
    "D01": {(CARE, "issue")},
    "D02": {(CARE, "issue")},
    "D03": {(CARE, "issue")},
    "D04": {(CARE, "issue")},
    "D05": {(GAPS, "leader")},
    "D06": {(CARE, "member")},
}

NAMES = {
    VOTES: "王清源 李清平 张清和 刘清芳 陈清明 杨清泉 赵清华 周清林",
    TRUTH: "吴竹青 徐竹林 孙竹君 胡竹生 朱竹梅",
    GAPS: "高石磊 林石松 何石英 郭石坚 马石岩 罗石清 梁石秀 宋石根",
    POSTS: "郑柳絮 谢柳青",
    CARE: "韩枫叶 唐枫林 冯枫桥 于枫香 董枫红",
}
TRAINING = "集中轮训第{}天"


def build(*, today: date, password: str) -> None:
    """Add the township with its accounts, branches and records below the first county."""
    county = Organization.objects.filter(kind=OrganizationKind.COUNTY).order_by("path").first()
    township = create_organization(
        Organization(
            kind=OrganizationKind.TOWNSHIP,
            name="中共自查示例镇委员会",
            short_name="自查示例镇党委",
            parent=county,
            established_on=LONG_AGO,
        )
    )
    hashed = make_password(password)
    staff = _account("shili", "许示例", DutyKind.STAFF, township, hashed)
    leader = _account("shilidao", "沈联系", DutyKind.LEADER, township, hashed)
    _rules(township, today)
    rooms = {
        village: _room(township, village, number, today, hashed)
        for number, village in enumerate(NAMES, start=1)
    }
    deputy = _account(
        "shilifu05", rooms[CARE].people[1].name, DutyKind.COMMITTEE, rooms[CARE].branch, hashed
    )
    _people(rooms, today)
    for village, room in rooms.items():
        if village != GAPS:
            _ordinary_year(room)
    exhibit_votes.write(rooms[VOTES])
    exhibit_truth.write(rooms[TRUTH], staff=staff, leader=leader)
    exhibit_care.write(rooms[CARE], staff=staff, deputy=deputy)
    ContactPoint.objects.create(
        leader=leader, branch=rooms[GAPS].branch, from_on=today - timedelta(days=125)
    )
    _explain_gaps([room for village, room in rooms.items() if village != GAPS], today)


def _account(
    username: str, full_name: str, kind: str, organization: Organization, password: str
) -> User:
    user = User.objects.create(
        username=username, full_name=full_name, password=password, must_change_password=False
    )
    Duty.objects.create(user=user, kind=kind, organization=organization, from_on=LONG_AGO)
    return user


def _rules(township: Organization, today: date) -> None:
    """The township's own five steps, and deadlines of the year that have just gone by."""
    ActivityPolicy.objects.create(township=township)
    FixedAction.objects.bulk_create(
        FixedAction(township=township, name=name, position=position, valid_from=LONG_AGO)
        for position, name in enumerate(
            ("集中学习", "重温入党誓词", "交纳党费", "民主议事", "志愿服务"), start=1
        )
    )
    due_on = today - timedelta(days=10)
    for code in ("org_life", "evaluation"):
        Obligation.objects.create(
            code=code,
            township=township,
            kind=code,
            period="year",
            article="自查示例镇组织生活安排",
            due_month=due_on.month,
            due_day=due_on.day,
            valid_from=date(due_on.year, 1, 1),
        )


def _room(township: Organization, village: str, number: int, today: date, password: str) -> Room:
    is_new = village == POSTS
    branch = create_organization(
        Organization(
            kind=OrganizationKind.BRANCH,
            branch_type=BranchType.VILLAGE,
            name=f"中共自查示例镇{village}支部委员会",
            short_name=f"{village}党支部",
            parent=township,
            established_on=today - timedelta(days=400) if is_new else LONG_AGO,
        )
    )
    names = NAMES[village].split()
    user = _account(f"shili{number:02d}", names[0], DutyKind.SECRETARY, branch, password)
    room = Room(branch, user, today)
    group = PartyGroup.objects.create(branch=branch, name="第一党小组") if village == GAPS else None
    for name in names:
        in_group = group if name != names[-1] else None
        since = {"from_on": branch.established_on} if is_new else {}
        room.add_member(name, group=in_group, **since)
    years = -1 if village == POSTS else 2
    ends_on = today - timedelta(days=10) if years < 0 else today + timedelta(days=700)
    Term.objects.create(
        organization=branch, starts_on=ends_on - timedelta(days=1826), ends_on=ends_on
    )
    return room


def _people(rooms: dict[str, Room], today: date) -> None:
    """Who holds a post, who is on probation, who works elsewhere: A13-A16, C17, D06."""
    for village in (VOTES, GAPS):
        roles = (PostRole.SECRETARY, PostRole.ORGANIZATION, PostRole.PUBLICITY)
        for member, role in zip(rooms[village].people, roles, strict=False):
            rooms[village].appoint(member, role)
    for village in (TRUTH, CARE):
        rooms[village].appoint(rooms[village].people[0], PostRole.SECRETARY)
        rooms[village].appoint(rooms[village].people[1], PostRole.DEPUTY)
    rooms[VOTES].add_member("万木", is_full=False, joined_on=today - timedelta(days=320))
    rooms[CARE].add_member("万岭", is_full=False, joined_on=today - timedelta(days=500))
    floating = rooms[CARE].people[exhibit_care.FLOATING]
    floating.is_floating, floating.floating_to = True, "浙江宁波"
    floating.save(update_fields=["is_floating", "floating_to"])
    lonely = rooms[POSTS]
    lonely.add_member("万江", is_full=False, joined_on=today - timedelta(days=190))
    lonely.appoint(lonely.people[0], PostRole.SECRETARY, to_on=today - timedelta(days=90))
    for member, role in zip(
        lonely.people,
        (PostRole.ORGANIZATION, PostRole.PUBLICITY, PostRole.DISCIPLINE),
        strict=True,
    ):
        lonely.appoint(member, role)


def _ordinary_year(room: Room) -> None:
    """A plan, talks with everyone and a week of training: nothing to ask about."""
    plan = YearPlan.objects.create(
        branch=room.branch,
        year=room.today.year,
        state=PlanState.APPROVED,
        drafted_by=room.user,
        drafted_at=moment(date(room.today.year, 1, 4)),
        submitted_at=moment(date(room.today.year, 1, 5)),
    )
    YearPlanItem.objects.create(
        plan=plan, month=room.today.month, kind="lecture", theme="防溺水巡查"
    )
    last = min(room.today, date(_year_asked(room.today), 12, 31)) - timedelta(days=130)
    for n in range(1, 8):
        room.train(last - timedelta(days=8 - n), TRAINING.format(n))
    room.hold("talk", last - timedelta(days=10), "谈心谈话")


def _year_asked(today: date) -> int:
    return today.year if today.month > 3 else today.year - 1


def _explain_gaps(rooms: list[Room], today: date) -> None:
    """Everything else that was not held has its honest reason on file."""
    by = {room.branch.pk: room.user for room in rooms}
    branches = Organization.objects.filter(pk__in=by)
    Explanation.objects.bulk_create(
        Explanation(
            branch_id=row.branch_id,
            code=cell.rule.code,
            period_start=part.span.start,
            kind=ExplanationKind.WAIVED,
            reason="示例支部只录入用于说明的记录，其余从略。",
            by=by[row.branch_id],
            at=moment(today, 0),
        )
        for year in (today.year - 1, today.year)
        for row in standing(branches, view=Span(date(year, 1, 1), "year"), on=today).rows
        for cell in row.overdue
        for part in cell.parts
        if part.state == State.OVERDUE
    )
