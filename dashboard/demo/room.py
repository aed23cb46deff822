"""One branch of the exhibit: its people and short ways to write its records row by row."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from branches.models import Member, Membership, Organization, Post, PostRole
from branches.names import initials
from meetings.models import (
    AgendaItem,
    AgendaKind,
    Attendance,
    AttendanceState,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
    Vote,
    VoteRule,
)

LONG_AGO = date(2012, 7, 1)
# What nobody could have studied too early.
STUDIED = ("学习党的二十届三中全会精神", date(2024, 7, 18))


def moment(day: date, hour: int = 21, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


@dataclass
class Room:
    """A branch with its members in the order of `people`, the first of them its secretary."""

    branch: Organization
    user: User
    today: date
    people: list[Member] = field(default_factory=list)
    committee: list[Member] = field(default_factory=list)

    def add_member(self, name: str, *, is_full: bool = True, **fields) -> Member:
        """Add a member who belongs here since he joined, unless `from_on` says since when."""
        joined = fields.pop("joined_on", LONG_AGO)
        from_on = fields.pop("from_on", joined)
        member = Member.objects.create(
            branch=self.branch,
            name=name,
            initials=initials(name),
            born_on=date(1975, 5, 1),
            joined_on=joined,
            full_on=joined + timedelta(days=366) if is_full else None,
            **fields,
        )
        Membership.objects.create(
            member=member, branch=self.branch, group=fields.get("group"), from_on=from_on
        )
        self.people.append(member)
        return member

    def appoint(self, member: Member, role: str, *, to_on: date | None = None) -> None:
        Post.objects.create(
            organization=self.branch, member=member, role=role, from_on=LONG_AGO, to_on=to_on
        )
        if to_on is None:
            self.committee.append(member)
        if role == PostRole.SECRETARY and to_on is None:
            member.user = self.user
            member.save(update_fields=["user"])

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def hold(
        self,
        kinds: str | tuple[str, ...],
        day: date,
        title: str,
        *,
        seats: list[Member] | None = None,
        away: dict[Member, tuple[str, str]] | None = None,
        **fields,
    ) -> Meeting:
        """Record a meeting: everyone who is expected came, but for `away` (state and reason).

        Written that evening, handed in and signed at once, unless `fields` says otherwise.
        """
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        if seats is None:
            seats = self.committee if MeetingKind.COMMITTEE in kinds else self.people
        chair = self.committee[0] if self.committee else self.people[0]
        recorder = self.committee[1] if len(self.committee) > 1 else self.people[1]
        values = {
            "state": MeetingState.RECORDED,
            "starts_at": time(19, 0),
            "ends_at": time(20, 30),
            "place": "党群服务中心",
            "chair": chair,
            "recorder": recorder,
            "written_at": moment(day),
            "submitted_at": moment(day, 21, 10),
            "submitted_by": self.user,
            "submit_by": day + timedelta(days=5),
            "signed_on": day,
        }
        meeting = Meeting.objects.create(
            branch=self.branch,
            township=self.branch.township,
            title=title,
            day=day,
            **(values | fields),
        )
        MeetingType.objects.bulk_create(
            MeetingType(meeting=meeting, kind=kind, branch=self.branch, counted_on=day)
            for kind in kinds
        )
        away = away or {}
        Attendance.objects.bulk_create(
            Attendance(
                meeting=meeting,
                member=member,
                state=away.get(member, (AttendanceState.PRESENT, ""))[0],
                reason=away.get(member, ("", ""))[1],
                can_vote=member.full_on is not None and member.full_on <= day,
            )
            for member in seats
        )
        return meeting

    def train(self, day: date, title: str, **fields) -> Meeting:
        """Record a day of training with a teacher and nothing that was discussed."""
        fields = {"starts_at": time(8, 0), "ends_at": time(16, 0)} | fields
        meeting = self.hold(MeetingKind.LECTURE, day, title, **fields)
        self.say(meeting, AgendaKind.LECTURE, title, speaker=self.people[0].name)
        return meeting

    def study(self, meeting: Meeting, **fields) -> AgendaItem:
        """Put 第一议题 first on the agenda, as it should be."""
        title, said_on = STUDIED
        values = {"source_on": said_on, "speaker": self.people[0].name}
        return self.say(meeting, AgendaKind.FIRST_TOPIC, title, **(values | fields))

    def say(self, meeting: Meeting, kind: str, title: str, minutes: str = "", **fields):
        position = meeting.agenda.count() + 1
        return AgendaItem.objects.create(
            meeting=meeting, position=position, kind=kind, title=title, minutes=minutes, **fields
        )

    def decide(self, meeting: Meeting, title: str, minutes: str, **ballots) -> Vote:
        """Put a matter to the vote: who does it and until when is said, the ballots as given."""
        item = self.say(
            meeting,
            AgendaKind.DECISION,
            title,
            minutes,
            responsible=self.people[0].name,
            due_on=self.today + timedelta(days=60),
            resolution=ballots.pop("resolution", ""),
        )
        return Vote.objects.create(item=item, **({"rule": VoteRule.ORDINARY} | ballots))
