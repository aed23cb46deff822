"""The sample township: the real-shaped roster, its people in office, and sixteen months of life."""

from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches.models import (
    ContactPoint,
    Duty,
    DutyKind,
    Exemption,
    ExemptionKind,
    ImportKind,
    Member,
    Organization,
    PartyGroup,
    Post,
    PostRole,
    Suggestion,
    Term,
)
from branches.services.imports import import_file
from curriculum.catalogue import install_catalogue
from inspections import services as inspections
from meetings import services as meetings
from meetings.models import Explanation, FixedAction
from meetings.rules import Span

from . import life, phrases, weeks
from .history import Branch, Person, Writer, plan_months, training
from .room import moment

SAMPLES = Path(settings.BASE_DIR) / "branches" / "sample"
SAMPLE_FILES = (
    (ImportKind.ORGANIZATIONS, "ducun-organizations.xlsx"),
    (ImportKind.ROSTER, "ducun-roster.xlsx"),
)
MONTHS = 16
# The same for every demo account; a real installation has none of these accounts.
PASSWORD = "Badu-2026"
OLD_AGE_YEARS = 82

# username, full name, duty, and what the account is for.
TOWNSHIP_ACCOUNTS = (
    ("dangjian", "杜小梅", DutyKind.STAFF),
    ("shuji", "汪正平", DutyKind.TOWNSHIP_SECRETARY),
    ("lingdao1", "方志远", DutyKind.LEADER),
    ("lingdao2", "施文华", DutyKind.LEADER),
    ("lingdao3", "章立新", DutyKind.LEADER),
    ("guanli", "钱一鸣", DutyKind.ADMINISTRATOR),
    ("shenji", "陶安", DutyKind.AUDITOR),
)


def build(*, today: date, rng: Random) -> None:
    """Import the sample files and give every branch people, a history and a present."""
    for kind, name in SAMPLE_FILES:
        with (SAMPLES / name).open("rb") as file:
            import_file(file, name, kind=kind, organization=None, at=timezone.now(), partial=True)
    with transaction.atomic():
        township = Organization.objects.townships().get()
        people = _accounts(township)
        branches = _branches(township, today, rng)
        _contact_points(people, branches, today)
        meetings.ensure_activity_days(at=timezone.now())
        _history(township, branches, today, rng)
        life.build(township, people, branches, today=today, rng=rng)
        install_catalogue(township)
        weeks.build(township, people["dangjian"], today, rng)
        _issues(people, branches, today, rng)
        _suggestions(township, branches)
        meetings.settle_checklists(at=timezone.now())


def _accounts(township: Organization) -> dict[str, User]:
    password = make_password(PASSWORD)
    accounts = [(*account, township) for account in TOWNSHIP_ACCOUNTS]
    accounts.append(("xianwei", "郑县", DutyKind.OBSERVER, township.parent))
    people = {}
    for username, full_name, kind, organization in accounts:
        user = User.objects.create(
            username=username, full_name=full_name, password=password, must_change_password=False
        )
        Duty.objects.create(
            user=user, kind=kind, organization=organization, from_on=date(2022, 1, 1)
        )
        people[username] = user
    return people


def _branches(township: Organization, today: date, rng: Random) -> list[Branch]:
    """Give each branch its committee, term, group leaders, accounts and exemptions."""
    password = make_password(PASSWORD)
    found = []
    rows = Organization.objects.within(township).branches().order_by("path")
    for number, organization in enumerate(rows, start=1):
        members = list(organization.members.order_by("pk"))
        _confirm(members, today)
        at_home = [m for m in members if m.full_on and not m.is_floating and _age(m, today) < 65]
        # A branch of pensioners or of who works elsewhere has people in office as well.
        at_home = at_home or [m for m in members if m.full_on]
        office = at_home[:5] if sum(m.full_on is not None for m in members) >= 7 else at_home[:1]
        roles = [
            PostRole.SECRETARY,
            PostRole.DEPUTY,
            PostRole.ORGANIZATION,
            PostRole.PUBLICITY,
            PostRole.DISCIPLINE,
        ]
        starts_on = _term_start(organization, number, today)
        ends_on = starts_on.replace(year=starts_on.year + organization.term_years)
        Term.objects.create(organization=organization, starts_on=starts_on, ends_on=ends_on)
        for member, role in zip(office, roles, strict=False):
            Post.objects.create(
                organization=organization, member=member, role=role, from_on=starts_on
            )
        user = _branch_accounts(organization, number, office, password, starts_on)
        excused = {m.pk for m in members if _age(m, today) >= OLD_AGE_YEARS}
        Exemption.objects.bulk_create(
            Exemption(member_id=pk, kind=ExemptionKind.OLD_OR_ILL, from_on=date(2024, 1, 1))
            for pk in excused
        )
        groups = list(PartyGroup.objects.filter(branch=organization).order_by("name"))
        for group in groups:
            group.leader = next((m for m in at_home if m.group_id == group.pk), None)
            group.save(update_fields=["leader"])
        people = [
            Person(
                pk=m.pk,
                name=m.name,
                joined_on=m.joined_on,
                full_on=m.full_on,
                group_id=m.group_id,
                is_floating=m.is_floating,
                is_excused=m.pk in excused,
                on_committee=m in office,
            )
            for m in members
        ]
        by_pk = {person.pk: person for person in people}
        leaders = {g.pk: by_pk[g.leader.pk] for g in groups if g.leader}
        found.append(
            Branch(
                pk=organization.pk,
                township_id=township.pk,
                people=people,
                group_ids=[group.pk for group in groups],
                reliability=rng.choice((0.99, 0.97, 0.95, 0.92, 0.86, 0.78)),
                user_id=user.pk,
                place=rng.choice(phrases.PLACES),
                group_leaders=leaders,
                secretary=by_pk[office[0].pk] if office else None,
                recorder=by_pk[_recorder(office, members).pk] if office else None,
            )
        )
    return found


def _confirm(members: list[Member], today: date) -> None:
    """Whose probation is over by a year and more was confirmed long since."""
    for member in members:
        over_on = member.joined_on + timedelta(days=366)
        if member.full_on is None and over_on < today and member.pk % 5:
            member.full_on = over_on
            member.save(update_fields=["full_on"])


def _recorder(office: list[Member], members: list[Member]) -> Member:
    """Someone other than the secretary, as long as there is anybody."""
    others = [*office[2:], *office[1:], *(m for m in members if m.full_on and m not in office)]
    return next(iter(others), office[0])


def _branch_accounts(
    organization: Organization, number: int, office: list[Member], password: str, since: date
) -> User:
    """The secretary signs in as zhibuNN; the organization commissioner as weiyuanNN."""
    accounts = [(f"zhibu{number:02d}", office[0] if office else None, DutyKind.SECRETARY)]
    if len(office) > 2:
        accounts.append((f"weiyuan{number:02d}", office[2], DutyKind.COMMITTEE))
    users = []
    for username, member, kind in accounts:
        user = User.objects.create(
            username=username,
            full_name=member.name if member else organization.short_name,
            password=password,
            must_change_password=False,
        )
        Duty.objects.create(user=user, kind=kind, organization=organization, from_on=since)
        if member:
            member.user = user
            member.save(update_fields=["user"])
        users.append(user)
    return users[0]


def _term_start(organization: Organization, number: int, today: date) -> date:
    """Most terms run for years yet; a few end within half a year, one has just ended."""
    left_days = {3: 150, 7: 80, 12: -20}.get(number, 400 + 29 * number)
    ends_on = today + timedelta(days=left_days)
    return ends_on.replace(year=ends_on.year - organization.term_years, day=min(ends_on.day, 28))


def _contact_points(people: dict[str, User], branches: list[Branch], today: date) -> None:
    leaders = [people["lingdao1"], people["lingdao2"], people["lingdao3"], people["shuji"]]
    since = today.replace(day=1) - timedelta(days=500)
    for n, branch in enumerate(branches):
        ContactPoint.objects.create(
            leader=leaders[n % len(leaders)], branch_id=branch.pk, from_on=since
        )


def _history(township: Organization, branches: list[Branch], today: date, rng: Random) -> None:
    first = Span.containing(today, "month")
    for _ in range(MONTHS - 1):
        first = first.previous
    actions = FixedAction.objects.filter(township=township).order_by("position")
    fixed = {township.pk: list(actions.values_list("pk", "name"))}
    writer = Writer(rng, today, fixed_actions=fixed)
    plans = plan_months(branches, first=first, today=today, rng=rng)
    writer.write(chain(plans, training(branches, first=first, today=today)))
    gaps = life.explain_some_gaps(branches, today=today, rng=rng)
    Explanation.objects.bulk_create(gaps)


def _issues(people: dict[str, User], branches: list[Branch], today: date, rng: Random) -> None:
    """A handful of issues in every state: waiting, answered, returned, overdue, closed."""
    staff = people["dangjian"]
    for n, (category, severity, title, detail) in enumerate(phrases.ISSUES * 2):
        branch_row = branches[(n * 3 + 1) % len(branches)]
        branch = Organization.objects.get(pk=branch_row.pk)
        answerer = User.objects.get(pk=branch_row.user_id)
        raised_on = today - timedelta(days=6 + 5 * n)
        due_on = raised_on + timedelta(days=10)
        issue = inspections.raise_issue(
            branch,
            category=category,
            severity=severity,
            title=title,
            detail=detail,
            due_on=due_on,
            by=staff,
            at=moment(raised_on, 15),
        )
        if n in (3, 7):
            continue  # past its deadline, unanswered
        if n > 0:
            answer = "已对照条例补充说明，下次会议记录写全请假人员和事由，由组织委员把关。"
            inspections.answer_issue(
                issue, text=answer, by=answerer, at=moment(raised_on + timedelta(days=4), 20)
            )
        if n == 2:
            note = "只说了下次改，请写明这一次怎么办。"
            inspections.return_issue(
                issue, note=note, by=staff, at=moment(raised_on + timedelta(days=5))
            )
        if n > 4:
            inspections.close_issue(
                issue,
                note="查看了10月两次记录，已写全。",
                by=people["lingdao1"] if n % 2 else staff,
                at=moment(raised_on + timedelta(days=6)),
            )


def _suggestions(township: Organization, branches: list[Branch]) -> None:
    staff = User.objects.get(username="dangjian")
    now = timezone.now()
    for n, (text, answer) in enumerate(phrases.SUGGESTIONS):
        Suggestion.objects.create(
            organization=township,
            author_id=branches[n].user_id,
            text=text,
            created_at=now - timedelta(days=20 - 5 * n),
            answer=answer,
            answered_by=staff if answer else None,
            answered_at=now - timedelta(days=19 - 5 * n) if answer else None,
        )


def _age(member: Member, today: date) -> int:
    return today.year - member.born_on.year if member.born_on else 0
