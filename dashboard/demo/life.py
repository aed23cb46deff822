"""What the sample township has besides meetings: plans, leaders' duties, grades, votes, dues."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from accounts.models import User
from branches.models import FloatingContact, Member, Organization
from branches.rules import add_months
from meetings.models import (
    AgendaItem,
    AgendaKind,
    Appraisal,
    Attendance,
    AttendanceState,
    Candidate,
    Criticism,
    DuesArrear,
    DuesMonth,
    Explanation,
    ExplanationKind,
    Grade,
    JointMeeting,
    MakeUp,
    Meeting,
    MeetingKind,
    MeetingState,
    PlanState,
    Problem,
    SharedText,
    Vote,
    VoteRule,
    VoteStep,
    YearPlan,
    YearPlanItem,
    YearTemplate,
    YearTemplateItem,
)
from meetings.reports.standing import standing
from meetings.reports.versions import record_text
from meetings.rules import Span, State, most_excellent
from meetings.services.archive import keep_version

from . import leaders, phrases
from .history import Branch
from .room import moment

KINDS = MeetingKind


def build(
    township: Organization,
    people: dict[str, User],
    branches: list[Branch],
    *,
    today: date,
    rng: Random,
) -> None:
    """Add to the history of `branches` all that makes their pages worth looking at."""
    plan_the_year(township, people["dangjian"], branches, today)
    leaders.build(people, branches, today=today, rng=rng)
    make_up_absences(township, today)
    look_into_mirror(township, today, rng)
    grade_members(branches, rng)
    vote_on_people(branches, today)
    meet_together(branches, today)
    amend_archived(branches[0], today)
    copy_a_record(branches, today)
    settle_dues(branches, today)
    keep_in_touch(branches, today, rng)
    SharedText.objects.create(
        township=township,
        title="冬季防火倡议书",
        text="不在林边烧荒，不在堂屋烤火离人，不把电动车推进楼道充电；发现烟火先打电话，再喊邻居。",
        added_on=today.replace(day=1),
    )


# --- The year's plan ------------------------------------------------------------------------------


def plan_the_year(township: Organization, staff: User, branches: list[Branch], today: date) -> None:
    """A template, and plans approved, waiting, returned, in draft; two branches have none."""
    new_year = date(today.year, 1, 1)
    template = YearTemplate.objects.create(
        township=township,
        year=today.year,
        note="主题可以按支部实际调整；日期不作统一要求。",
        published_at=moment(new_year, 9),
        published_by=staff,
    )
    lines = [(month, KINDS.THEME_DAY, theme) for month, theme in phrases.THEMES.items()]
    lines += [(month, KINDS.ASSEMBLY, "") for month in (2, 5, 8, 11)]
    lines += [(month, KINDS.LECTURE, "") for month in (3, 6, 9, 12)]
    lines.append((12, KINDS.ORG_LIFE, "年度组织生活会"))
    YearTemplateItem.objects.bulk_create(
        YearTemplateItem(template=template, month=month, kind=kind, theme=theme)
        for month, kind, theme in sorted(lines)
    )
    states = {0: PlanState.APPROVED, 1: PlanState.SUBMITTED, 2: PlanState.RETURNED, 3: "draft"}
    for n, branch in enumerate(branches[:-2]):
        state = states.get(n % 9, PlanState.APPROVED)
        is_decided = state in (PlanState.APPROVED, PlanState.RETURNED)
        plan = YearPlan.objects.create(
            branch_id=branch.pk,
            year=today.year,
            state=state,
            drafted_by_id=branch.user_id,
            drafted_at=moment(new_year, 19),
            submitted_at=None if state == "draft" else moment(new_year, 20),
            decided_by=staff if is_decided else None,
            decided_at=moment(new_year, 22) if is_decided else None,
            remark="七月写明政治生日怎么过。" if state == PlanState.RETURNED else "",
        )
        YearPlanItem.objects.bulk_create(
            YearPlanItem(plan=plan, month=month, kind=kind, theme=theme)
            for month, kind, theme in sorted(lines)
        )


# --- Attendance, dues, contacts -------------------------------------------------------------------


def make_up_absences(township: Organization, today: date) -> None:
    """Nearly everyone made up what they missed; some of the last two months are still open."""
    missed = Attendance.objects.filter(
        meeting__township=township,
        state__in=(AttendanceState.LEAVE, AttendanceState.ABSENT),
        excuse="",
        made_up_on=None,
        meeting__day__gte=add_months(today, -7),
        meeting__day__lt=today - timedelta(days=25),
    ).select_related("meeting")
    rows = list(missed.order_by("pk"))
    for n, row in enumerate(rows):
        if n % 40:
            row.made_up_on = row.meeting.day + timedelta(days=6 + n % 12)
            row.made_up_how = MakeUp.HOME_VISIT if n % 5 == 0 else MakeUp.SESSION
    Attendance.objects.bulk_update(rows, ["made_up_on", "made_up_how"], batch_size=500)


def settle_dues(branches: list[Branch], today: date) -> None:
    """The last four months gone through in every branch; in one a member owes three of them."""
    month = Span.containing(today, "month")
    for ago in range(1, 5):
        month = month.previous
        for n, branch in enumerate(branches):
            noted = DuesMonth.objects.create(
                branch_id=branch.pk,
                month=month.start,
                noted_by_id=branch.user_id,
                noted_at=moment(month.end, 19),
            )
            if n == 2 and ago < 4:
                DuesArrear.objects.create(month=noted, member_id=branch.people[-1].pk)
            if n == 5 and ago == 1:
                DuesArrear.objects.create(month=noted, member_id=branch.people[-1].pk)


def keep_in_touch(branches: list[Branch], today: date, rng: Random) -> None:
    """Somebody keeps in touch with who works elsewhere; a few were not reached for long."""
    contacts, members = [], []
    for n, branch in enumerate(branches):
        floating = [p for p in branch.people if p.is_floating and branch.recorder != p]
        for person in floating if branch.recorder else ():
            members.append(Member(pk=person.pk, contact_person_id=branch.recorder.pk))
            days = 230 if n % 7 == 3 and person is floating[0] else rng.randint(5, 120)
            contacts.append(
                FloatingContact(
                    member_id=person.pk,
                    on=today - timedelta(days=days),
                    note=rng.choice(phrases.CONTACT_NOTES),
                    by_id=branch.user_id,
                )
            )
    Member.objects.bulk_update(members, ["contact_person"], batch_size=500)
    FloatingContact.objects.bulk_create(contacts)


# --- 组织生活会 and 民主评议 ----------------------------------------------------------------------


def look_into_mirror(township: Organization, today: date, rng: Random) -> None:
    """Every 组织生活会 has criticism, self-criticism and problems with a remedy."""
    held = Meeting.objects.counted().filter(township=township, types__kind=KINDS.ORG_LIFE)
    criticisms, problems = [], []
    for meeting in held:
        seats = meeting.attendance.filter(state=AttendanceState.PRESENT).order_by("pk")
        there = [row.member_id for row in seats[:6]]
        for n, member_id in enumerate(there):
            of_another = n % 2 == 1
            criticisms.append(
                Criticism(
                    meeting=meeting,
                    position=n + 1,
                    speaker_id=member_id,
                    target_id=there[n - 1] if of_another else None,
                    text=rng.choice(phrases.CRITICISM if of_another else phrases.SELF_CRITICISM),
                )
            )
        for n, (text, remedy) in enumerate(rng.sample(phrases.PROBLEMS, 2)):
            problems.append(
                Problem(
                    meeting=meeting,
                    position=n + 1,
                    text=text,
                    remedy=remedy,
                    responsible_id=there[n] if len(there) > n else None,
                    due_on=meeting.day + timedelta(days=60),
                )
            )
    Criticism.objects.bulk_create(criticisms)
    Problem.objects.bulk_create(problems)


def grade_members(branches: list[Branch], rng: Random) -> None:
    """民主评议: ballots of who came, 优秀 for at most a third, none for who is on probation."""
    rows = []
    for branch in branches:
        held = Meeting.objects.counted().filter(branch=branch.pk, types__kind=KINDS.EVALUATION)
        for meeting in held:
            cast = meeting.attendance.filter(state=AttendanceState.PRESENT).count()
            belonging = [p for p in branch.people if p.joined_on <= meeting.day]
            full = [p for p in belonging if p.can_vote(meeting.day)]
            best = set(rng.sample(range(len(full)), most_excellent(len(full)) // 2))
            for n, person in enumerate(full):
                praise = cast - rng.randint(0, 2) if n in best else rng.randint(0, cast // 3)
                rows.append(
                    Appraisal(
                        meeting=meeting,
                        member_id=person.pk,
                        excellent=max(praise, 0),
                        qualified=cast - max(praise, 0),
                        grade=Grade.EXCELLENT if n in best else Grade.QUALIFIED,
                    )
                )
    Appraisal.objects.bulk_create(rows)


# --- Votes on people, joint meetings, a record put right ------------------------------------------


def vote_on_people(branches: list[Branch], today: date) -> None:
    """One branch admitted a member, another filled a seat in its committee."""
    matters = [
        ("讨论接收入党积极分子余晓明为预备党员", _admission),
        ("补选支部宣传委员", _election),
    ]
    for branch in branches:
        last = _theme_days(branch).filter(day__lt=today).newest_first().first()
        if not matters or last is None or not last.types.filter(kind=KINDS.ASSEMBLY).exists():
            continue
        voting = last.attendance.filter(can_vote=True)
        present = voting.filter(state__in=("present", "late", "remote")).count()
        if 5 * present < 4 * voting.count():
            continue
        title, ballots = matters.pop()
        item = AgendaItem.objects.create(
            meeting=last,
            position=last.agenda.count() + 1,
            kind=AgendaKind.DECISION,
            title=title,
            minutes=f"{branch.recorder.name}介绍了支委会讨论的情况，随后由到会的正式党员投票。",
        )
        ballots(item, present, branch)


def _admission(item: AgendaItem, present: int, branch: Branch) -> None:
    Vote.objects.create(
        item=item,
        rule=VoteRule.ADMISSION,
        step=VoteStep.ADMIT,
        candidate="余晓明",
        introducers=f"{branch.secretary.name}、{branch.recorder.name}",
        is_secret=True,
        in_favour=present,
    )


def _election(item: AgendaItem, present: int, branch: Branch) -> None:
    names = [p.name for p in branch.people if p.full_on and not p.is_floating][5:7]
    vote = Vote.objects.create(
        item=item, rule=VoteRule.ELECTION, is_secret=True, in_favour=present - 1
    )
    Candidate.objects.bulk_create(
        Candidate(vote=vote, position=n + 1, name=name, in_favour=present - 1 if n == 0 else 1)
        for n, name in enumerate(names)
    )


def meet_together(branches: list[Branch], today: date) -> None:
    """Two branches held one theme day together."""
    days = [
        {m.day: m for m in _theme_days(branch).filter(day__lt=today)} for branch in branches[:2]
    ]
    if common := set(days[0]) & set(days[1]):
        pair = [found[max(common)] for found in days]
        joint = JointMeeting.objects.create(
            created_by_id=branches[0].user_id, created_at=pair[0].written_at
        )
        Meeting.objects.filter(pk__in=[m.pk for m in pair]).update(
            joint=joint, place=pair[0].place, starts_at=pair[0].starts_at, ends_at=pair[0].ends_at
        )


def _theme_days(branch: Branch):
    return Meeting.objects.counted().filter(branch=branch.pk, types__kind=KINDS.THEME_DAY)


def amend_archived(branch: Branch, today: date) -> None:
    """A record that was archived already got its place put right; the old reading is kept."""
    meeting = _theme_days(branch).filter(state=MeetingState.ARCHIVED).newest_first().first()
    if meeting is None:
        return
    at = moment(today - timedelta(days=12), 15)
    keep_version(
        meeting,
        record_text(meeting),
        was_archived=True,
        reason="地点写成了平时的会议室，当天在祠堂门口。",
        by=User.objects.get(pk=branch.user_id),
        at=at,
    )
    meeting.place, meeting.amended_at = "祠堂门口", at
    meeting.version += 1
    meeting.save(update_fields=["place", "amended_at", "version"])


# --- What was not held -----------------------------------------------------------------------------


def explain_some_gaps(branches: Iterable[Branch], *, today: date, rng: Random) -> list[Explanation]:
    """Most of what was not held has an honest reason on file."""
    users = {branch.pk: branch.user_id for branch in branches}
    rows = []
    for year in (today.year - 1, today.year):
        table = standing(
            Organization.objects.filter(pk__in=users),
            view=Span(date(year, 1, 1), "year"),
            on=today,
        )
        for row in table.rows:
            parts = [(cell.rule.code, part) for cell in row.overdue for part in cell.parts]
            rows += [
                Explanation(
                    branch_id=row.branch_id,
                    code=code,
                    period_start=part.span.start,
                    kind=ExplanationKind.NOT_HELD,
                    reason=rng.choice(phrases.NOT_HELD_REASONS),
                    by_id=users[row.branch_id],
                    at=datetime.combine(part.due_on, time(10), UTC),
                )
                for code, part in parts
                if part.state == State.OVERDUE and rng.random() < 0.75
            ]
    return rows


# --- Suspicions ------------------------------------------------------------------------------------


def copy_a_record(branches: list[Branch], today: date) -> None:
    """One 支委会 has the words of the one before, and another branch has them too."""
    for branch, other in ((branches[4], branches[4]), (branches[6], branches[4])):
        model = _committees(other, today)[1]
        words = list(model.agenda.filter(kind=AgendaKind.TOPIC).order_by("position"))
        copied = _committees(branch, today)[0].agenda.filter(kind=AgendaKind.TOPIC)
        for item, said in zip(copied.order_by("position"), words, strict=False):
            item.title, item.minutes, item.resolution = said.title, said.minutes, said.resolution
            item.save(update_fields=["title", "minutes", "resolution"])
        AgendaItem.objects.filter(
            meeting__in=[model.pk, _committees(branch, today)[0].pk], kind=AgendaKind.FIRST_TOPIC
        ).update(minutes="", resolution="")


def _committees(branch: Branch, today: date) -> list[Meeting]:
    held = Meeting.objects.counted().filter(branch=branch.pk, types__kind=KINDS.COMMITTEE)
    return list(held.filter(day__lt=today).newest_first()[:2])
