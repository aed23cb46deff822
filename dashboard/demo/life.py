"""What the sample township has besides meetings: plans, leaders' duties, grades, votes, dues."""

from datetime import date, timedelta
from random import Random

from django.db.models import Q

from accounts.models import User
from branches.models import FloatingContact, Member, Organization, StandIn
from branches.rules import add_months
from inspections.services.origins import make_of_comment
from meetings.models import (
    AgendaItem,
    AgendaKind,
    Appraisal,
    Attendance,
    AttendanceState,
    Candidate,
    Comment,
    CommentKind,
    Criticism,
    DuesArrear,
    DuesMonth,
    Grade,
    JointMeeting,
    LeaderVisit,
    MakeUp,
    Meeting,
    MeetingKind,
    MeetingState,
    PlanState,
    Problem,
    ReviewDecision,
    SharedText,
    TopicReview,
    Vote,
    VoteRule,
    VoteStep,
    YearPlan,
    YearPlanItem,
    YearTemplate,
    YearTemplateItem,
)
from meetings.reports.versions import record_text
from meetings.rules import Span, most_excellent
from meetings.services.archive import keep_version

from . import phrases
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
    send_topics_up(branches, people["lingdao1"], today)
    attend_and_comment(branches, people["dangjian"], today, rng)
    make_up_absences(township, today)
    look_into_mirror(township, today, rng)
    grade_members(branches, rng)
    vote_on_people(branches, today)
    meet_together(branches, today)
    amend_archived(branches[0], today)
    settle_dues(branches, today)
    keep_in_touch(branches, today, rng)
    StandIn.objects.create(
        leader=people["lingdao2"],
        deputy=people["lingdao3"],
        from_on=today - timedelta(days=5),
        to_on=today + timedelta(days=20),
        reason="外出培训",
    )
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


# --- The linked leaders' duties -------------------------------------------------------------------


def send_topics_up(branches: list[Branch], leader: User, today: date) -> None:
    """Topics of meetings to come: waiting, returned, approved."""
    yesterday = moment(today - timedelta(days=1), 9)
    planned = Meeting.objects.filter(
        branch__in=[branch.pk for branch in branches], state=MeetingState.PLANNED, day__gte=today
    )
    user_of = {branch.pk: branch.user_id for branch in branches}
    for n, meeting in enumerate(planned.order_by("day", "pk")[:6]):
        decided = (ReviewDecision.APPROVED, ReviewDecision.RETURNED)[n % 2] if n < 4 else ""
        TopicReview.objects.create(
            meeting=meeting,
            topic=meeting.title,
            asked_by_id=user_of[meeting.branch_id],
            asked_at=yesterday,
            decision=decided,
            remark="请加上冬修水利的议题。" if decided == ReviewDecision.RETURNED else "",
            decided_by=leader if decided else None,
            decided_at=yesterday + timedelta(hours=8) if decided else None,
        )


def attend_and_comment(branches: list[Branch], staff: User, today: date, rng: Random) -> None:
    """Each leader was there most quarters and said something about every other visit."""
    new_year = date(today.year, 1, 1)
    comments = []
    for n, branch in enumerate(branches):
        held = Meeting.objects.counted().filter(
            branch=branch.pk, day__gte=new_year, day__lt=today - timedelta(days=8)
        )
        held = list(held.filter(types__kind=KINDS.THEME_DAY).order_by("day"))
        leader = Organization.objects.get(pk=branch.pk).contact_points.first().leader
        for visited in held[:: max(len(held) // 4, 1)][: 2 if n == 4 else 4]:
            at = moment(visited.day, 21, 30)
            LeaderVisit.objects.create(meeting=visited, leader=leader, noted_at=at)
            kind, text, answer = rng.choice(phrases.COMMENTS)
            is_answered = kind == CommentKind.LACKING and visited != held[-1]
            comments.append(
                Comment(
                    meeting=visited,
                    kind=kind,
                    text=text,
                    by=leader,
                    at=at,
                    answer=answer if is_answered else "",
                    answered_by_id=branch.user_id if is_answered else None,
                    answered_at=at + timedelta(days=2) if is_answered else None,
                )
            )
    Comment.objects.bulk_create(comments)
    last = Meeting.objects.counted().filter(branch=branches[0].pk).newest_first().first()
    comment = Comment.objects.create(
        meeting=last,
        kind=CommentKind.LACKING,
        text="签到表和记录本上的人数不一致，请核对。",
        by=staff,
        at=moment(today - timedelta(days=1), 10),
    )
    make_of_comment(comment, by=staff, at=moment(today - timedelta(days=1), 11))


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
    _vote(branches[1], today, "讨论接收入党积极分子余晓明为预备党员", _admission)
    _vote(branches[3], today, "补选支部宣传委员", _election)


def _vote(branch: Branch, today: date, title: str, ballots) -> None:
    last = Meeting.objects.counted().filter(
        Q(day__lt=today), branch=branch.pk, types__kind=KINDS.ASSEMBLY
    )
    meeting = last.newest_first().first()
    if meeting is None:
        return
    voting = meeting.attendance.filter(can_vote=True)
    present = voting.filter(state__in=("present", "late", "remote")).count()
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=meeting.agenda.count() + 1,
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
