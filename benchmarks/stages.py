"""The databases that are measured: one for each engine and scale, all within one process.

Whichever is on stage is Django's default connection, so the product's code runs on it unchanged,
and two scales can be measured in turn.
"""

import os
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import monotonic, monotonic_ns

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from django.utils import timezone

from accounts.models import User
from benchmarks.visitor import sign_in
from branches.models import ContactPoint, Duty, DutyKind, Member, Membership, Organization
from branches.names import initials
from config import env
from curriculum.models import ItemKind, MenuEntry, MenuState, WeeklyMenu
from curriculum.services import ensure_checklists
from curriculum.weekly import Week
from dashboard.demo import bulk
from meetings.models import AgendaKind, Meeting, MeetingKind
from meetings.record import Ballots, Entry, Record, Seat
from meetings.services import ensure_activity_days, submit_record
from tests import servers

POSTGRESQL, SQLITE = "postgresql", "sqlite"
# From the smallest up. `smoke` is for tests of the benchmarks alone: it only shows that they run.
SCALES = ("smoke", "township", "county", "city")
SMOKE = {"branches": 30, "members": 700, "months": 2, "attendance_days": 45}
EVERYWHERE = "everywhere"
LARGE_BRANCH = 60
ABSENT = 4
LINKED_BRANCHES = 3
LONG_AGO = date(2015, 1, 1)
# What a township's staff write into a week, beside what the rules ask.
ENTRIES = (
    ("排查辖区消防通道和独居老人用电", "乡安委会本周部署", ItemKind.REQUIRED),
    ("党员联系户走访一轮", "乡党委本月重点工作安排", ItemKind.REQUIRED),
    ("核对流动党员去向和联系人", "党员教育管理工作条例第33条", ItemKind.REQUIRED),
    ("学习《发展党员工作细则》要点", "党员教育管理工作条例第20条", ItemKind.OFFERED),
    ("屋场夜话：听取冬修水利意见", "", ItemKind.OFFERED),
    ("公示本季度党费收缴情况", "", ItemKind.OFFERED),
)


@dataclass
class Stage:
    """One database with the people who look at it and a branch of sixty members."""

    engine: str
    scale: str
    url: str
    wrapper: BaseDatabaseWrapper
    # Session keys: by duty, and EVERYWHERE for an observer of all counties at once.
    sessions: dict[str, str] = field(default_factory=dict)
    branches: int = 0
    branch: Organization = field(init=False)
    secretary: User = field(init=False)
    meeting: Meeting = field(init=False)

    def enter(self) -> None:
        """Make this the database that everything reads and writes."""
        connections["default"] = self.wrapper


def build(engine: str, scale: str) -> Stage:
    """Make a database, fill it, and return it on stage."""
    started = monotonic()
    url = (
        servers.new_database(os.environ["DATABASE_URL"])
        if engine == POSTGRESQL
        else f"sqlite:///{Path(settings.VAR) / f'{scale}-{monotonic_ns()}.sqlite3'}"
    )
    stage = Stage(engine, scale, url, _wrapper(url))
    stage.enter()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if scale == "smoke":
        with transaction.atomic():
            bulk.build(prefix="s", today=timezone.localdate(), rng=Random(2026), **SMOKE)
    else:
        call_command("seed_demo", scale=scale, stdout=sys.stderr)
    _furnish(stage)
    settle(stage)
    say(f"{engine} {scale}: ready in {monotonic() - started:.0f} s")
    return stage


def settle(stage: Stage) -> None:
    """Let PostgreSQL clean up and count, as its own autovacuum does in time."""
    if stage.engine == POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def say(sentence: str) -> None:
    print(f"==> {sentence}", file=sys.stderr, flush=True)


def _wrapper(url: str) -> BaseDatabaseWrapper:
    name = "BENCHMARK_DATABASE_URL"
    os.environ[name] = url
    given = {"default": env.database(name, Path("unused"))}
    complete = connections.configure_settings(given)["default"]
    return load_backend(complete["ENGINE"]).DatabaseWrapper(complete, "default")


# --- Who and what there is ------------------------------------------------------------------------


@transaction.atomic
def _furnish(stage: Stage) -> None:
    """Add the viewers, the branch of sixty with a meeting, and this week and the one before."""
    at = timezone.now()
    township = Organization.objects.townships().order_by("path").first()
    stage.branch = Organization.objects.within(township).branches().order_by("path").first()
    stage.branches = Organization.objects.branches().count()
    roots = list(Organization.objects.filter(parent=None).order_by("path"))
    stage.secretary = _viewer(stage, DutyKind.SECRETARY, [stage.branch])
    _viewer(stage, DutyKind.STAFF, [township])
    _viewer(stage, DutyKind.OBSERVER, roots[:1])
    leader = _viewer(stage, DutyKind.LEADER, [township])
    _viewer(stage, DutyKind.OBSERVER, roots, name=EVERYWHERE)
    for branch in Organization.objects.within(township).branches()[:LINKED_BRANCHES]:
        ContactPoint.objects.create(leader=leader, branch=branch, from_on=LONG_AGO)
    _fill_branch(stage.branch)
    ensure_activity_days(at=at)
    week = Week.containing(timezone.localdate(at))
    for which in (week.previous, week):
        publish_menus(which, at=at)
        ensure_checklists(which, at=at)
    record = large_record(stage.branch, day=timezone.localdate(at))
    stage.meeting = hand_in(Meeting(branch=stage.branch), record, by=stage.secretary, at=at)


def _viewer(stage: Stage, kind: str, organizations: list[Organization], *, name: str = "") -> User:
    name = name or kind
    user = User.objects.create(
        username=f"benchmark-{name}", full_name=f"测速{name}", must_change_password=False
    )
    for organization in organizations:
        Duty.objects.create(user=user, kind=kind, organization=organization, from_on=LONG_AGO)
    stage.sessions[name] = sign_in(user)
    return user


def _fill_branch(branch: Organization) -> None:
    """Bring the branch to sixty members."""
    missing = LARGE_BRANCH - branch.members.filter(left_on=None).count()
    members = Member.objects.bulk_create(
        Member(
            name=f"党员{n}",
            initials=initials(f"党员{n}"),
            born_on=date(1970, 1, 1),
            joined_on=LONG_AGO,
            full_on=LONG_AGO + timedelta(days=366),
            branch=branch,
        )
        for n in range(missing)
    )
    Membership.objects.bulk_create(
        Membership(member=member, branch=branch, from_on=LONG_AGO) for member in members
    )


def publish_menus(week: Week, *, at: datetime) -> None:
    """Give every township six entries for the week, in place of what it has."""
    WeeklyMenu.objects.filter(monday=week.monday).delete()
    menus = WeeklyMenu.objects.bulk_create(
        WeeklyMenu(
            township=township,
            monday=week.monday,
            state=MenuState.PUBLISHED,
            published_at=at,
        )
        for township in Organization.objects.townships()
    )
    MenuEntry.objects.bulk_create(
        MenuEntry(
            menu=menu, title=title, basis=basis, kind=kind, due_on=week.sunday, position=position
        )
        for menu in menus
        for position, (title, basis, kind) in enumerate(ENTRIES, start=1)
    )


def hand_in(meeting: Meeting, record: Record, *, by: User, at: datetime) -> Meeting:
    return submit_record(
        meeting,
        record,
        version=meeting.version if meeting.pk else None,
        rightful_chair_id=record.chair_id,
        by=by,
        at=at,
    )


def large_record(branch: Organization, *, day: date) -> Record:
    """A day of sixty: 5+X and 党员大会 at once, four absent, eight items, one decision."""
    members = list(branch.members.filter(left_on=None).order_by("pk")[:LARGE_BRANCH])
    first_away = LARGE_BRANCH - ABSENT
    seats = tuple(
        Seat(member.pk, state="leave", reason="personal", name=member.name)
        if n >= first_away
        else Seat(member.pk, name=member.name)
        for n, member in enumerate(members)
    )
    votes = Ballots("ordinary", in_favour=sum(seat.is_present for seat in seats))
    names = ("集中学习", "诵读党章", "交纳党费", "党务公开", "志愿服务")
    return Record(
        kinds=(MeetingKind.THEME_DAY, MeetingKind.ASSEMBLY),
        title="主题党日暨支部党员大会",
        day=day,
        starts_at=time(19),
        ends_at=time(20, 30),
        place="党群服务中心",
        chair_id=members[0].pk,
        recorder_id=members[1].pk,
        agenda=(
            Entry(AgendaKind.FIRST_TOPIC, "学习党的二十届四中全会精神", minutes="结合分工谈想法。"),
            *(Entry(AgendaKind.FIXED, name) for name in names),
            Entry(AgendaKind.OPTIONAL, "冬春火灾防控", minutes="防火宣传进到每个村民组。"),
            Entry(AgendaKind.DECISION, "通过支部年度学习计划", ballots=votes),
        ),
        seats=seats,
    )
