"""A record in the official form, as blocks that both the PDF and the Word document set.

One `OfficialRecord` is all that is printed of one meeting; neither renderer decides what is said.
Everything is read for many meetings at once: a year's handbook costs the statements of one record.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from branches.models import Post
from meetings.models import (
    AbsenceKind,
    AgendaItem,
    AgendaKind,
    Appraisal,
    AttendanceState,
    Criticism,
    Meeting,
    MeetingKind,
    MeetingPhoto,
    MeetingState,
    Problem,
)
from meetings.record import Gathering, Seat, Tally, gathering, voters
from meetings.reports.attendance import seats_of_each
from meetings.reports.guests import guests_and_leaders

from .agenda import (
    criticism_block,
    fixed_blocks,
    grade_table,
    item_blocks,
    item_title,
    problem_table,
)
from .pieces import Block, Grid, Heading, Paragraph, batched, day_text, numeral

# Names in one row of the attendance table.
NAMES_A_ROW = 3


@dataclass(frozen=True, slots=True)
class OfficialRecord:
    """One meeting as it is printed, signed and filed."""

    meeting: Meeting
    organization: str
    form: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    signatures: tuple[str, ...]
    photos: tuple[MeetingPhoto, ...]

    @property
    def title(self) -> str:
        return self.meeting.title

    @property
    def file_name(self) -> str:
        """What the file is called: day, branch and what it is, in the reader's own language."""
        return f"{self.meeting.day:%Y-%m-%d} {self.meeting.branch} {self.form}"

    @property
    def photo_pages(self) -> list[list[tuple[MeetingPhoto, ...]]]:
        """Four pictures a page, two in a row."""
        pairs = list(batched(self.photos, 2))
        return [pairs[start : start + 2] for start in range(0, len(pairs), 2)]


def for_records(meetings: "QuerySet[Meeting]") -> "QuerySet[Meeting]":
    """Load with the meetings whatever their records print: twelve statements for any number."""
    named = {
        "criticisms": Criticism.objects.select_related("speaker", "target"),
        "problems": Problem.objects.select_related("member", "responsible"),
        "appraisals": Appraisal.objects.select_related("member").order_by(
            "member__initials", "member"
        ),
        "agenda": AgendaItem.objects.select_related("vote").prefetch_related("vote__candidates"),
    }
    return meetings.select_related("branch", "group", "chair", "recorder").prefetch_related(
        "types",
        "guests",
        "leader_visits__leader",
        "photos",
        *(Prefetch(name, rows) for name, rows in named.items()),
    )


def official_records(
    meetings: Iterable[Meeting], *, with_reasons: bool
) -> Iterator[OfficialRecord]:
    """Yield the record of each meeting loaded by `for_records`, in the order given.

    `with_reasons` says whether the reader keeps the record: the category of a leave may be a
    matter of health.
    """
    meetings = list(meetings)
    seats, posts = seats_of_each(meetings), _chairs_posts(meetings)
    for meeting in meetings:
        yield _record(
            meeting,
            seats.get(meeting.pk, ()),
            chairs_post=posts.get((meeting.chair_id, meeting.pk), ""),
            with_reasons=with_reasons,
        )


# --- What one record says -----------------------------------------------------------------------


def _record(
    meeting: Meeting, seats: tuple[Seat, ...], *, chairs_post: str, with_reasons: bool
) -> OfficialRecord:
    kinds = tuple(row.kind for row in meeting.types.all())
    is_pair = gathering(kinds) is Gathering.PAIR
    return OfficialRecord(
        meeting=meeting,
        organization=f"{meeting.branch.name}{meeting.group or ''}",
        form=_form(kinds, meeting),
        facts=tuple(_facts(meeting, seats, is_pair, chairs_post, with_reasons=with_reasons)),
        blocks=tuple(_blocks(meeting, seats, is_pair, with_reasons=with_reasons)),
        signatures=_signatures(meeting, is_pair=is_pair),
        photos=tuple(meeting.photos.all()),
    )


def _form(kinds: tuple[str, ...], meeting: Meeting) -> str:
    name = "、".join(str(MeetingKind(kind).label) for kind in kinds)
    told = _("%(kinds)s记录（草稿）") if meeting.state == MeetingState.DRAFT else _("%(kinds)s记录")
    return told % {"kinds": name}


def _facts(
    meeting: Meeting,
    seats: tuple[Seat, ...],
    is_pair: bool,
    chairs_post: str,
    *,
    with_reasons: bool,
) -> Iterator[tuple[str, str]]:
    yield _("主题"), meeting.title
    yield _("时间"), _time(meeting)
    yield _("地点"), meeting.place or _("未记录")
    yield _("主持人"), _chair(meeting, chairs_post)
    yield _("记录人"), str(meeting.recorder or _("未记录"))
    if is_pair:
        yield _("参加人员"), "、".join(seat.name for seat in seats if seat.is_present)
    elif seats:
        yield from _numbers(seats, with_reasons=with_reasons)
    if guests := guests_and_leaders(meeting.guests.all(), meeting.leader_visits.all()):
        yield _("列席"), "、".join(_with(guest.name, guest.position) for guest in guests)


def _time(meeting: Meeting) -> str:
    weekday = "一二三四五六日"[meeting.day.weekday()]
    text = _("%(day)s（星期%(weekday)s）") % {"day": day_text(meeting.day), "weekday": weekday}
    if meeting.starts_at:
        text += f"{meeting.starts_at:%H:%M}"
    if meeting.ends_at:
        text += f"—{meeting.ends_at:%H:%M}"
    return text


def _chair(meeting: Meeting, post: str) -> str:
    if meeting.chair is None:
        return _("未记录")
    return _with(meeting.chair.name, "，".join(filter(None, [post, meeting.chair_note])))


def _numbers(seats: tuple[Seat, ...], *, with_reasons: bool) -> Iterator[tuple[str, str]]:
    tally, (entitled, voting) = Tally.of(seats), voters("ordinary", seats)
    told = _("%(count)s人（应到会有表决权的%(voters)s人）")
    yield _("应到"), told % {"count": tally.expected, "voters": entitled}
    told = _("%(count)s人（实到会有表决权的%(voters)s人）")
    yield _("实到"), told % {"count": tally.present, "voters": voting}
    away = [seat for seat in seats if seat.is_expected and not seat.is_present]
    yield (
        _("缺席"),
        "、".join(_with(s.name, _state(s, with_reasons=with_reasons)) for s in away) or _("无"),
    )
    excused = [seat for seat in seats if not seat.is_expected and not seat.is_present]
    if excused:
        names = "、".join(_with(seat.name, seat.adjustment) for seat in excused)
        yield _("不计入应到"), names


def _state(seat: Seat, *, with_reasons: bool) -> str:
    """Say whether a member came; the reason of a leave only to who keeps the record."""
    if not seat.is_expected and not seat.is_present:
        return _("不作要求")
    if with_reasons and seat.reason:
        return str(AbsenceKind(seat.reason).label)
    return str(AttendanceState(seat.state).label) if seat.state else _("未登记")


def _with(name: str, more: str) -> str:
    return f"{name}（{more}）" if more else name


def _blocks(
    meeting: Meeting, seats: tuple[Seat, ...], is_pair: bool, *, with_reasons: bool
) -> Iterator[Block]:
    counter = iter(range(1, 100))

    def heading(text: str) -> Heading:
        return Heading(f"{numeral(next(counter))}、{text}")

    agenda = list(meeting.agenda.all())
    for item in agenda:
        if item.kind != AgendaKind.FIXED:
            yield heading(item_title(item))
            yield from item_blocks(item, seats)
    fixed = [item for item in agenda if item.kind == AgendaKind.FIXED]
    if fixed:
        yield heading(_("固定动作"))
        yield from fixed_blocks(fixed)
    if criticisms := list(meeting.criticisms.all()):
        yield heading(_("批评与自我批评"))
        yield from (criticism_block(row) for row in criticisms)
    if problems := list(meeting.problems.all()):
        yield heading(_("查摆问题和整改措施"))
        yield problem_table(problems)
    if appraisals := list(meeting.appraisals.all()):
        yield heading(_("民主评议结果"))
        yield grade_table(appraisals)
    if meeting.summary:
        yield heading(_("谈话要点") if is_pair else _("主持人总结"))
        yield Paragraph(meeting.summary)
    if seats and not is_pair:
        yield heading(_("到会情况"))
        yield _attendance(seats, with_reasons=with_reasons)
    if late := _late(meeting):
        yield Paragraph(late)


def _attendance(seats: tuple[Seat, ...], *, with_reasons: bool) -> Grid:
    cells = [(seat.name, _state(seat, with_reasons=with_reasons)) for seat in seats]
    cells += [("", "")] * (-len(cells) % NAMES_A_ROW)
    rows = tuple(
        tuple(text for cell in row for text in cell) for row in batched(cells, NAMES_A_ROW)
    )
    return Grid((_("姓名"), _("到会情况")) * NAMES_A_ROW, rows, (10, 11) * NAMES_A_ROW)


def _late(meeting: Meeting) -> str:
    """A record handed in late says so on paper too."""
    if not meeting.is_late:
        return ""
    told = _("本记录应于%(day)s前提交，迟交%(days)s天") % {
        "day": day_text(meeting.submit_by),
        "days": meeting.days_late,
    }
    return "：".join(filter(None, [told, meeting.late_note])) + "。"


def _signatures(meeting: Meeting, *, is_pair: bool) -> tuple[str, ...]:
    if is_pair:
        return (_("谈话人（签名）："), _("记录人（签名）："))
    return (_("主持人（签名）："), _("记录人（签名）："))


def _chairs_posts(meetings: list[Meeting]) -> dict[tuple[int | None, int], str]:
    """Return the post that each chair held on the day, in one statement."""
    posts = Post.objects.filter(
        organization__in={m.branch_id for m in meetings},
        member__in={m.chair_id for m in meetings if m.chair_id},
    )
    held: dict[tuple[int | None, int], str] = {}
    for post in posts.order_by("-from_on", "-pk"):
        for meeting in meetings:
            if (
                (post.member_id, post.organization_id) == (meeting.chair_id, meeting.branch_id)
                and post.from_on <= meeting.day
                and (post.to_on is None or meeting.day < post.to_on)
            ):
                held[meeting.chair_id, meeting.pk] = str(post.get_role_display())
    return held
