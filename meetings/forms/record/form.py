"""The whole logging form: fields, attendance and rows, read into one record."""

from collections.abc import Iterator

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.language import in_source_script
from meetings.forms.fields import parse_day, read_guests
from meetings.forms.lacks import MISSING
from meetings.models import AgendaKind, MeetingKind
from meetings.photos import remade_all
from meetings.record import (
    NEEDS_FIRST_TOPIC,
    Entry,
    Gathering,
    Lack,
    Record,
    Remark,
    Shortcoming,
    TalkPair,
    Visitor,
    gathering,
)
from meetings.reports.decisions import decisions_among
from meetings.reports.life import pair_name
from meetings.reports.sheet import Sheet

from .attendance import ADJUST, RecordAttendance
from .items import ItemForm, ItemRows, item_initial
from .life import (
    AdjustmentRows,
    Appraisals,
    ProblemRows,
    RemarkRows,
    adjustment_initial,
    problem_initial,
    remark_initial,
)
from .prefill import initial_of, refreshed, still_choosable, title_for
from .rows import BaseRows, bound_if_sent
from .values import shown

BASICS = (
    "kinds", "title", "day", "starts_at", "ends_at", "place", "chair", "recorder",
    "chair_note",
)  # fmt: skip
FIRST_DETAILS = ("first_source_on", "first_speaker", "first_minutes", "first_resolution")
OTHERS = ("leaders", "guests", "summary")


class RecordForm(RecordAttendance):
    """Everything on the page; `items`, `remarks`, `problems` and `adjustments` are its rows."""

    def __init__(
        self, sheet: Sheet, data=None, files=None, *, suggested: dict | None = None
    ) -> None:
        """`suggested` is an item to begin with, chosen on another page."""
        self.sheet = sheet
        if data is not None and data.get("action") == "refresh":
            data = refreshed(data, sheet)
        super().__init__(
            data, files, initial=initial_of(sheet) if data is None else None, label_suffix=""
        )
        members = [(p.seat.member_id, p.seat.name) for p in sheet.roster.people]
        self._offer(members)
        items = item_initial(sheet) + ([suggested] if suggested else [])
        self.items: BaseRows = ItemRows(
            data, prefix="item", initial=items, form_kwargs={"gathering": sheet.gathering}
        )
        people = {"form_kwargs": {"people": members}}
        self.remarks = bound_if_sent(
            RemarkRows, data, "remark", initial=remark_initial(sheet.life), **people
        )
        self.problems = bound_if_sent(
            ProblemRows, data, "problem", initial=problem_initial(sheet.life), **people
        )
        self.adjustments = bound_if_sent(
            AdjustmentRows, data, ADJUST, initial=adjustment_initial(sheet), **people
        )
        # The row of each entry of the agenda, None for those that are fields of the page.
        self.entry_rows: list[ItemForm | None] = []

    def _offer(self, members: list[tuple[int, str]]) -> None:
        """Fill in the choices that depend on the branch and the day."""
        sheet, choices = self.sheet, [("", "—"), *members]
        for role in ("chair", "recorder"):
            left = still_choosable(sheet.meeting, role, choices)
            self.fields[role].choices = choices + left
        self.fields["group"].choices = [
            (pk, group.name) for pk, group in sheet.roster.groups.items()
        ]
        self.fields["fixed"].choices = [(str(c.pk), c.name) for c in sheet.fixed]
        self.fields["leaders"].choices = [(str(c.pk), c.name) for c in sheet.leaders]
        self.fields["lecture_course"].choices = [("", "—"), *sheet.courses]
        if sheet.gathering is Gathering.PAIR:
            self.fields["summary"].label = _("谈话要点")
        if not sheet.roster.groups:
            self.fields["kinds"].choices = [
                (kind, label) for kind, label in MeetingKind.choices if kind != MeetingKind.GROUP
            ]

    # What the template shows

    def mark_needed(self) -> None:
        """Mark what handing in needs; called once the form has been read, for a draft needs none."""
        self.errors  # noqa: B018 — read before the marks, which would ask a draft for them
        needed = ["day", "starts_at", "place", "chair", "recorder"]
        if self.needs_first_topic:
            needed.append("first_title")
        if MeetingKind.LECTURE in self.sheet.kinds:
            needed += ["lecture_title", "lecture_speaker"]
        for name in needed:
            self.fields[name].required = True

    @property
    def needs_first_topic(self) -> bool:
        return bool(NEEDS_FIRST_TOPIC & set(self.sheet.kinds))

    @property
    def appraisals(self) -> Appraisals:
        """The table of a 民主评议 as it stands on the page."""
        return Appraisals(self.seats, self.sheet, self.data if self.is_bound else None)

    @property
    def committee(self) -> frozenset[int]:
        """Who sits in the committee, so that a talk shows which pair it is."""
        return self.sheet.roster.committee()

    @property
    def shows_group(self) -> bool:
        """Ask which group has met, wherever one did."""
        return self.sheet.gathering is Gathering.GROUP and bool(self.sheet.roster.groups)

    @property
    def basics_line(self) -> str:
        """The basics in one line, for the fold that hides what is right already."""
        chosen = {name: shown(self, name) for name in ("kinds", "place", "chair", "recorder")}
        day = parse_day(shown(self, "day"))
        if self.shows_group and (group := shown(self, "group")):
            chosen["kinds"] = f"{group} {chosen['kinds']}"
        when = f"{date_format(day, 'n月j日') if day else ''} {shown(self, 'starts_at')}".strip()
        parts = [when, chosen["place"], chosen["kinds"]]
        if chosen["chair"].strip("—"):
            parts.append(_("主持 %(name)s") % {"name": chosen["chair"]})
        if chosen["recorder"].strip("—"):
            parts.append(_("记录 %(name)s") % {"name": chosen["recorder"]})
        return " · ".join(part for part in parts if part)

    @property
    def basics_open(self) -> bool:
        """Unfold what is not known yet or not right."""
        known = ("kinds", "day", "starts_at", "place", "chair", "recorder")
        return any(not self[name].value() for name in known) or self._errs_in(BASICS)

    @property
    def first_open(self) -> bool:
        return self._says(FIRST_DETAILS) or self._errs_in(FIRST_DETAILS)

    @property
    def items_open(self) -> bool:
        says = any(form["title"].value() for form in self.items)
        errs = self.is_bound and any(self.items.errors)
        return says or errs or self.sheet.gathering is Gathering.COMMITTEE

    @property
    def adjustments_open(self) -> bool:
        return any(form["member"].value() for form in self.adjustments)

    @property
    def others_open(self) -> bool:
        return self._says(OTHERS) or self._errs_in((*OTHERS, "photos"))

    def _says(self, names: tuple[str, ...]) -> bool:
        return any(self[name].value() for name in names)

    def _errs_in(self, names: tuple[str, ...]) -> bool:
        return self.is_bound and any(name in self.errors for name in names)

    @property
    def _rows(self) -> list[BaseRows]:
        """The rows that were sent."""
        rows = (self.items, self.remarks, self.problems, self.adjustments)
        return [one for one in rows if one.is_bound]

    @property
    def has_errors(self) -> bool:
        return self.is_bound and (bool(self.errors) or any(any(r.errors) for r in self._rows))

    @property
    def field_errors(self) -> list[tuple[forms.BoundField, str]]:
        """Every field with something wrong, to name and link above the form."""
        pages = [self, *(form for rows in self._rows for form in rows.forms)]
        return [
            (page[name], error)
            for page in pages
            for name, errors in page.errors.items()
            if name in page.fields
            for error in errors
        ]

    # Reading what was sent

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(rows.is_valid() for rows in self._rows)])

    def clean_photos(self) -> list:
        """Keep what is a picture; what is none is said after saving, and costs no record."""
        pictures, self.refused_photos = remade_all(self.cleaned_data["photos"])
        return pictures

    def clean(self) -> dict:
        data = super().clean()
        kinds = data.get("kinds") or []
        if kinds and gathering(kinds) is None:
            self.add_error(
                "kinds", _("支委会、党小组会、谈心谈话的参加人员与其他会议不同，请分开记录。")
            )
        if MeetingKind.GROUP in kinds and not data.get("group"):
            self.add_error("group", _("请选择召开会议的党小组。"))
        if MeetingKind.GROUP not in kinds:
            data["group"] = None
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("结束时间应晚于开始时间。"))
        if not data.get("title") and data.get("day"):
            is_talk = self.sheet.gathering is Gathering.PAIR
            data["title"] = self._talk_title() if is_talk else title_for(kinds, data["day"])
        return data

    @in_source_script
    def _talk_title(self) -> str:
        """Name a 谈心谈话 by the pair that art. 19 asks for, and by who talked."""
        there = [seat for seat in self.seats if seat.is_present]
        of_committee = sum(seat.member_id in self.committee for seat in there)
        pair = pair_name(TalkPair.of(len(there), of_committee))
        return f"{pair}：{'、'.join(seat.name for seat in there)}"[:100]

    def record(self) -> Record:
        """Return what the page says; the form must be valid."""
        data = self.cleaned_data
        agenda = []
        self.entry_rows = []
        for entry, form in self._entries():
            agenda.append(entry)
            self.entry_rows.append(form)
        is_evaluation = MeetingKind.EVALUATION in data["kinds"]
        return Record(
            kinds=tuple(data["kinds"]),
            title=data["title"],
            day=data["day"],
            group_id=data["group"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            place=data["place"],
            chair_id=data["chair"],
            recorder_id=data["recorder"],
            chair_note=data["chair_note"],
            summary=data["summary"],
            late_note=data["late_note"],
            agenda=tuple(agenda),
            seats=self.seats,
            guests=self._visitors(),
            remarks=self._remarks(),
            shortcomings=self._shortcomings(),
            assessed=self.appraisals.values if is_evaluation else (),
            probationary=self.sheet.roster.probationary,
        )

    def _entries(self) -> Iterator[tuple[Entry, ItemForm | None]]:
        """Yield the agenda in its official order: the first topic first."""
        data = self.cleaned_data
        if data["first_title"]:
            yield (
                Entry(
                    kind=AgendaKind.FIRST_TOPIC,
                    title=data["first_title"],
                    source_on=data["first_source_on"],
                    speaker=data["first_speaker"],
                    minutes=data["first_minutes"],
                    resolution=data["first_resolution"],
                ),
                None,
            )
        if MeetingKind.THEME_DAY in data["kinds"]:
            for action in self.sheet.fixed:
                is_done = str(action.pk) in data["fixed"]
                yield (
                    Entry(
                        kind=AgendaKind.FIXED,
                        title=action.name,
                        fixed_action_id=action.pk,
                        is_done=is_done,
                    ),
                    None,
                )
            if data["optional"]:
                yield Entry(kind=AgendaKind.OPTIONAL, title=data["optional"]), None
        if MeetingKind.LECTURE in data["kinds"] and (title := self._lecture_title()):
            yield (
                Entry(
                    kind=AgendaKind.LECTURE,
                    title=title,
                    speaker=data["lecture_speaker"],
                    minutes=data["lecture_minutes"],
                    course_id=data["lecture_course"],
                ),
                None,
            )
        rows = self.items.kept
        said = {form.cleaned_data["follows"] for form in rows} - {None}
        followed = decisions_among(said, self.sheet.branch) if said else frozenset()
        for form in rows:
            yield form.entry(followed), form

    def _lecture_title(self) -> str:
        """A course picked from the catalogue names the lecture unless a title was typed."""
        data = self.cleaned_data
        return data["lecture_title"] or dict(self.sheet.courses).get(data["lecture_course"], "")

    def _remarks(self) -> tuple[Remark, ...]:
        if MeetingKind.ORG_LIFE not in self.cleaned_data["kinds"]:
            return ()
        if self.remarks.is_bound:
            return tuple(form.value() for form in self.remarks.kept)
        return tuple(
            Remark(r.speaker_id, r.text, r.target_id, pk=r.pk) for r in self.sheet.life.remarks
        )

    def _shortcomings(self) -> tuple[Shortcoming, ...]:
        if MeetingKind.ORG_LIFE not in self.cleaned_data["kinds"]:
            return ()
        if self.problems.is_bound:
            return tuple(form.value() for form in self.problems.kept)
        return tuple(
            Shortcoming(r.text, r.member_id, r.remedy, r.responsible_id, r.due_on, pk=r.pk)
            for r in self.sheet.life.shortcomings
        )

    def _visitors(self) -> tuple[Visitor, ...]:
        data = self.cleaned_data
        chosen = [leader for leader in self.sheet.leaders if str(leader.pk) in data["leaders"]]
        known = {guest.leader_id: guest.position for guest in self.sheet.guests if guest.leader_id}
        return tuple(
            Visitor(leader.name, known.get(leader.pk) or _("联系领导"), leader.pk)
            for leader in chosen
        ) + tuple(Visitor(name, position) for name, position in read_guests(data["guests"]))

    # Saying what is missing

    def add_lacks(self, lacks: list[Lack]) -> None:
        """Put what the service found missing at its fields."""
        names = {seat.member_id: seat.name for seat in self.seats}
        for lack in lacks:
            field, text = MISSING[lack.what]
            numbers = {"present": lack.present, "cast": lack.cast}
            text = text % (numbers | {"name": names.get(lack.member_id, "")})
            form = self.entry_rows[lack.entry] if lack.entry is not None else None
            if form is not None:
                form.add_error(field, text)
            else:
                self.add_error(field if field in self.fields else None, text)

    def add_unexplained(self) -> None:
        """Ask for the second tap where the first stands alone."""
        names = "、".join(seat.name for seat in self.unexplained)
        if names:
            self.add_error(None, _("请为未到会的党员选择原因：%(names)s。") % {"names": names})

    def add_newly_expected(self) -> None:
        """Ask to look again when the list of those expected is not the one that was shown."""
        names = "、".join(seat.name for seat in self.newly_expected)
        if names:
            text = _("应到名单已按日期和类型更新，请核对新列入的党员：%(names)s。")
            self.add_error(None, text % {"names": names})

    def take_rows(self) -> None:
        """Let the rows go on from what `data` says now: their names in the database."""
        for rows in self._rows:
            for form in [*rows.forms]:
                form.data = self.data
