"""Plain functions that make rows with fixed values; each test says only what it is about."""

from datetime import UTC, date, datetime, time
from itertools import count

from accounts.models import User
from branches import paths
from branches.models import (
    BranchType,
    ContactPoint,
    Duty,
    DutyKind,
    Member,
    Membership,
    Organization,
    OrganizationKind,
    PartyGroup,
    Post,
    PostRole,
)
from curriculum.models import ChecklistItem, Course, ItemKind, Series, WeeklyChecklist, WeeklyMenu
from inspections.models import Issue, IssueCategory
from meetings.models import (
    Attendance,
    Comment,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
    TopicReview,
    YearPlan,
    YearPlanItem,
    YearTemplate,
    YearTemplateItem,
)

PASSWORD = "Badu-2026-test"
LONG_AGO = date(2015, 1, 1)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai

_numbers = count(1)


def number() -> int:
    return next(_numbers)


def organization(
    *,
    kind: str = OrganizationKind.BRANCH,
    parent: Organization | None = None,
    name: str = "",
    branch_type: str = BranchType.VILLAGE,
    **fields,
) -> Organization:
    n = number()
    name = name or f"第{n}党支部"
    row = Organization(
        code=f"T{n:04d}",
        kind=kind,
        branch_type=branch_type if kind == OrganizationKind.BRANCH else "",
        name=f"中共{name}",
        short_name=name,
        parent=parent,
        path=f"tmp{n}",
        established_on=fields.pop("established_on", LONG_AGO),
        **fields,
    )
    row.save()
    row.path = paths.join(parent.path if parent else "", row.pk)
    row.township = row if kind == OrganizationKind.TOWNSHIP else (parent and parent.township)
    row.save()
    return row


def county(name: str = "青阳县委") -> Organization:
    return organization(kind=OrganizationKind.COUNTY, name=name)


def township(name: str = "杜村乡党委", *, parent: Organization | None = None) -> Organization:
    return organization(
        kind=OrganizationKind.TOWNSHIP,
        name=name,
        parent=parent or Organization.objects.filter(kind="county").first() or county(),
    )


def branch(name: str = "", *, parent: Organization | None = None, **fields) -> Organization:
    parent = parent or Organization.objects.townships().first() or township()
    return organization(name=name, parent=parent, **fields)


def group(branch: Organization, name: str = "第一党小组", **fields) -> PartyGroup:
    return PartyGroup.objects.create(branch=branch, name=name, **fields)


def user(full_name: str = "", **fields) -> User:
    n = number()
    return User.objects.create_user(
        f"user{n}",
        PASSWORD,
        full_name=full_name or f"用户{n}",
        must_change_password=fields.pop("must_change_password", False),
        **fields,
    )


def person(kind: str, organization: Organization, full_name: str = "", **fields) -> User:
    """A user with one duty, in force since long ago."""
    who = user(full_name or str(DutyKind(kind).label), **fields)
    Duty.objects.create(user=who, kind=kind, organization=organization, from_on=LONG_AGO)
    return who


def contact_point(leader: User, branch: Organization, **fields) -> ContactPoint:
    return ContactPoint.objects.create(
        leader=leader, branch=branch, from_on=fields.pop("from_on", LONG_AGO), **fields
    )


def member(
    branch: Organization,
    name: str = "",
    *,
    joined_on: date = date(2000, 7, 1),
    full_on: date | None = date(2001, 7, 1),
    from_on: date | None = None,
    group: PartyGroup | None = None,
    **fields,
) -> Member:
    n = number()
    row = Member.objects.create(
        branch=branch,
        group=group,
        name=name or f"党员{n}",
        initials=fields.pop("initials", f"dy{n}"),
        born_on=fields.pop("born_on", date(1970, 1, 1)),
        joined_on=joined_on,
        full_on=full_on,
        **fields,
    )
    Membership.objects.create(member=row, branch=branch, group=group, from_on=from_on or joined_on)
    return row


def members(branch: Organization, how_many: int, **fields) -> list[Member]:
    return [member(branch, **fields) for _ in range(how_many)]


def post(member: Member, role: str = PostRole.SECRETARY, **fields) -> Post:
    return Post.objects.create(
        organization=member.branch,
        member=member,
        role=role,
        from_on=fields.pop("from_on", LONG_AGO),
        **fields,
    )


def meeting(
    branch: Organization,
    *,
    kinds: tuple[str, ...] = (MeetingKind.COMMITTEE,),
    day: date = date(2026, 11, 5),
    state: str = MeetingState.RECORDED,
    present: tuple[Member, ...] = (),
    group: PartyGroup | None = None,
    **fields,
) -> Meeting:
    """A meeting; recorded unless told otherwise, chaired and written down by members of its own."""
    counted = state in (MeetingState.RECORDED, MeetingState.ARCHIVED)
    if counted:
        fields.setdefault("chair", branch.members.first() or member(branch))
        fields.setdefault("recorder", fields["chair"])
        fields.setdefault("starts_at", time(19, 0))
        fields.setdefault("ends_at", time(20, 30))
        fields.setdefault("place", "党群服务中心")
        fields.setdefault("written_at", NOON)
        fields.setdefault("submitted_at", NOON)
        fields.setdefault("submit_by", date(2026, 12, 31))
    row = Meeting.objects.create(
        branch=branch,
        township=branch.township,
        group=group,
        title=fields.pop("title", "学习贯彻会议精神"),
        day=day,
        state=state,
        **fields,
    )
    for kind in kinds:
        MeetingType.objects.create(
            meeting=row,
            kind=kind,
            branch=branch,
            group=group if kind == MeetingKind.GROUP else None,
            counted_on=day if counted else None,
        )
    Attendance.objects.bulk_create(Attendance(meeting=row, member=m) for m in present)
    return row


def checklist(branch: Organization, monday: date = date(2026, 11, 23)) -> WeeklyChecklist:
    return WeeklyChecklist.objects.create(branch=branch, monday=monday, opened_at=NOON)


def checklist_item(checklist: WeeklyChecklist, **fields) -> ChecklistItem:
    values = {
        "key": f"test:{number()}",
        "kind": ItemKind.REQUIRED,
        "title": "召开支委会",
        "basis": "条例第12条",
        "due_on": checklist.sunday,
    }
    return ChecklistItem.objects.create(checklist=checklist, **(values | fields))


def menu(township: Organization, monday: date = date(2026, 11, 30), **fields) -> WeeklyMenu:
    return WeeklyMenu.objects.create(township=township, monday=monday, **fields)


def course(township: Organization, title: str = "安全生产应知应会", **fields) -> Course:
    series, _ = Series.objects.get_or_create(township=township, name="八都菜谱")
    return Course.objects.create(
        township=township, series=series, title=title, kind=fields.pop("kind", "theory"), **fields
    )


def issue(branch: Organization, *, raised_by: User, **fields) -> Issue:
    values = {
        "category": IssueCategory.RECORD,
        "title": "会议记录缺请假人员",
        "due_on": date(2026, 12, 10),
        "raised_at": NOON,
    }
    return Issue.objects.create(branch=branch, raised_by=raised_by, **(values | fields))


def topic_review(meeting: Meeting, *, asked_by: User, **fields) -> TopicReview:
    """A round of review, open unless told otherwise."""
    values = {"topic": meeting.title, "asked_at": NOON}
    return TopicReview.objects.create(meeting=meeting, asked_by=asked_by, **(values | fields))


def comment(meeting: Meeting, *, by: User, text: str = "讨论不充分", **fields) -> Comment:
    return Comment.objects.create(meeting=meeting, by=by, text=text, **({"at": NOON} | fields))


def year_plan(branch: Organization, year: int, *, by: User, state: str = "draft", **fields):
    if state in ("submitted", "approved"):
        fields.setdefault("submitted_at", NOON)
    return YearPlan.objects.create(
        branch=branch, year=year, drafted_by=by, drafted_at=NOON, state=state, **fields
    )


def plan_line(plan: YearPlan, month: int, kind: str, theme: str = "", **fields) -> YearPlanItem:
    return YearPlanItem.objects.create(plan=plan, month=month, kind=kind, theme=theme, **fields)


def year_template(township: Organization, year: int, *, published: bool = True) -> YearTemplate:
    return YearTemplate.objects.create(
        township=township, year=year, published_at=NOON if published else None
    )


def template_line(template: YearTemplate, month: int, kind: str, theme: str = ""):
    return YearTemplateItem.objects.create(template=template, month=month, kind=kind, theme=theme)
