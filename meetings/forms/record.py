"""The logging form: one screen for a whole meeting, filled in as far as the system knows."""

from collections.abc import Iterator
from dataclasses import replace

from django import forms
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from config.language import in_source_script
from meetings.models import AbsenceKind, AgendaKind, MeetingKind, VoteRule
from meetings.photos import remade
from meetings.record import (
    NEEDS_FIRST_TOPIC,
    Entry,
    Gathering,
    Lack,
    Record,
    Seat,
    Tally,
    Visitor,
    gathering,
    voters,
)
from meetings.reports.sheet import Sheet
from meetings.rules import quorum

from .conflict import shown
from .fields import (
    PHOTOS_HELP,
    DateField,
    PhotosField,
    TimeField,
    parse_day,
    read_guests,
)
from .items import ItemForm, ItemFormSet, item_initial
from .lacks import MISSING
from .prefill import initial_of, refreshed, still_choosable, title_for

# What a tap on a name's second row can say: leave with its category, or one of these.
LEAVE = "leave:"
OTHER_STATES = (
    ("absent", _lazy("无故缺席")),
    ("late", _lazy("迟到")),
    ("remote", _lazy("线上参加")),
)


BASICS = (
    "kinds", "title", "day", "starts_at", "ends_at", "place", "chair", "recorder",
    "chair_note",
)  # fmt: skip
FIRST_DETAILS = ("first_source_on", "first_speaker", "first_minutes", "first_resolution")
OTHERS = ("leaders", "guests", "summary")


class RecordForm(forms.Form):
    """Everything on the page but the agenda's further items, which are a formset beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Of a new meeting: the same form sent twice makes one meeting.
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    kinds = forms.MultipleChoiceField(
        label=_lazy("类型（可多选，合并召开）"),
        choices=MeetingKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _lazy("请至少选择一种类型。")},
    )
    group = forms.TypedChoiceField(
        label=_lazy("党小组"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_lazy("主题"),
        max_length=100,
        required=False,
        help_text=_lazy("不填则按日期和类型自动生成"),
    )
    day = DateField(label=_lazy("日期"))
    starts_at = TimeField(label=_lazy("开始时间"), required=False)
    ends_at = TimeField(label=_lazy("结束时间"), required=False)
    place = forms.CharField(label=_lazy("地点"), max_length=100, required=False)
    chair = forms.TypedChoiceField(
        label=_lazy("主持人"), coerce=int, empty_value=None, required=False
    )
    recorder = forms.TypedChoiceField(
        label=_lazy("记录人"), coerce=int, empty_value=None, required=False
    )
    chair_note = forms.CharField(
        label=_lazy("主持说明"),
        max_length=100,
        required=False,
        help_text=_lazy("非书记主持的，写明受书记委托（条例第14条）"),
    )
    first_title = forms.CharField(
        label=_lazy("学习的文件或讲话"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "recent-topics", "autocomplete": "off"}),
    )
    first_source_on = DateField(label=_lazy("文件或讲话日期"), required=False)
    first_speaker = forms.CharField(label=_lazy("领学人"), max_length=50, required=False)
    first_minutes = forms.CharField(
        label=_lazy("讨论要点"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    first_resolution = forms.CharField(
        label=_lazy("贯彻措施"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    fixed = forms.MultipleChoiceField(
        label=_lazy("五项固定动作"), required=False, widget=forms.CheckboxSelectMultiple
    )
    optional = forms.CharField(
        label=_lazy("自选动作（X）"),
        max_length=200,
        required=False,
        help_text=_lazy("如谈心谈话、现场教学、屋场夜话；没有可不填"),
    )
    lecture_title = forms.CharField(label=_lazy("党课题目"), max_length=200, required=False)
    lecture_speaker = forms.CharField(label=_lazy("授课人"), max_length=50, required=False)
    lecture_course = forms.TypedChoiceField(
        label=_lazy("课程目录中的课程"), coerce=int, empty_value=None, required=False
    )
    lecture_minutes = forms.CharField(
        label=_lazy("党课要点"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    leaders = forms.MultipleChoiceField(
        label=_lazy("联系领导列席"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = forms.CharField(
        label=_lazy("其他列席人员"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("姓名后空一格写职务，多人用顿号或换行分开；列席不计入应到、实到"),
    )
    summary = forms.CharField(
        label=_lazy("主持人总结"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    late_note = forms.CharField(label=_lazy("迟交说明"), max_length=200, required=False)
    photos = PhotosField(label=_lazy("照片"), required=False, help_text=PHOTOS_HELP)
    reason = forms.CharField(label=_lazy("修改原因"), max_length=200, required=False)

    def __init__(self, sheet: Sheet, data=None, files=None) -> None:
        self.sheet = sheet
        if data is not None and data.get("action") == "refresh":
            data = refreshed(data, sheet)
        super().__init__(
            data, files, initial=initial_of(sheet) if data is None else None, label_suffix=""
        )
        members = [("", "—")] + [(p.seat.member_id, p.seat.name) for p in sheet.roster.people]
        self.fields["chair"].choices = members + still_choosable(sheet.meeting, "chair", members)
        self.fields["recorder"].choices = members + still_choosable(
            sheet.meeting, "recorder", members
        )
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
        self.items = ItemFormSet(data, prefix="item", initial=item_initial(sheet))
        self._order: list[ItemForm | None] = []

    # What the template shows

    def mark_needed(self) -> None:
        """Mark what handing in needs; called once the form has been read, for a draft needs none."""
        self.errors  # noqa: B018 — read before the marks, which would ask a draft for them
        needed = ["day", "starts_at", "place", "chair", "recorder"]
        if NEEDS_FIRST_TOPIC & set(self.sheet.kinds):
            needed.append("first_title")
        if MeetingKind.LECTURE in self.sheet.kinds:
            needed += ["lecture_title", "lecture_speaker"]
        for name in needed:
            self.fields[name].required = True

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """The attendance as it stands on the page."""
        return tuple(map(self._as_posted, self.sheet.seats)) if self.is_bound else self.sheet.seats

    @property
    def expected(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_expected]

    @property
    def people(self) -> list[tuple[Seat, bool, str]]:
        """Everyone expected with: marked as an exception, and the choice of the second row."""
        owed = {seat.member_id for seat in self.unexplained}
        return [
            (seat, seat.state != "present", "" if seat.member_id in owed else _choice_of(seat))
            for seat in self.expected
        ]

    @property
    def excused(self) -> list[Seat]:
        return [seat for seat in self.seats if not seat.is_expected]

    @property
    def shows_group(self) -> bool:
        """Ask which group has met, wherever one did."""
        return self.sheet.gathering is Gathering.GROUP and bool(self.sheet.roster.groups)

    @property
    def tally(self) -> Tally:
        return Tally.of(self.seats)

    @property
    def states(self) -> list[tuple[str, str, str]]:
        """Value, label and what it counts as, for the second row under a name."""
        leave = [(f"{LEAVE}{value}", label, "leave") for value, label in AbsenceKind.choices]
        return leave + [(value, label, value) for value, label in OTHER_STATES]

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
        if self.is_bound:
            return any(form["title"].value() for form in self.items) or any(self.items.errors)
        return bool(self.items.initial_form_count()) or self.sheet.gathering is Gathering.COMMITTEE

    @property
    def others_open(self) -> bool:
        return self._says(OTHERS) or self._errs_in((*OTHERS, "photos"))

    def _says(self, names: tuple[str, ...]) -> bool:
        return any(self[name].value() for name in names)

    def _errs_in(self, names: tuple[str, ...]) -> bool:
        return self.is_bound and any(name in self.errors for name in names)

    @property
    def has_errors(self) -> bool:
        return self.is_bound and (bool(self.errors) or any(self.items.errors))

    @property
    def field_errors(self) -> list[tuple[forms.BoundField, str]]:
        """Every field with something wrong, to name and link above the form."""
        pages = [self, *self.items.forms]
        return [
            (page[name], error)
            for page in pages
            for name, errors in page.errors.items()
            if name in page.fields
            for error in errors
        ]

    @property
    def quorums(self) -> list[tuple[str, int]]:
        """Name and number of each quorum that the gathering may need."""
        labels = {
            Gathering.COMMITTEE: {VoteRule.COMMITTEE: _("开会")},
            Gathering.BRANCH: {
                VoteRule.ORDINARY: _("一般决议"),
                VoteRule.ADMISSION: _("接收、转正"),
                VoteRule.ELECTION: _("选举"),
            },
        }.get(self.sheet.gathering, {})
        found = []
        for rule, label in labels.items():
            expected, present = voters(rule, self.seats)
            found.append((label, quorum(rule, expected=expected, present=present).needed))
        return found

    @property
    def voting(self) -> tuple[int, int]:
        """应到会 and 实到会 with the right to vote, under the ordinary rule."""
        is_committee = self.sheet.gathering is Gathering.COMMITTEE
        return voters("committee" if is_committee else "ordinary", self.seats)

    # Reading what was sent

    @cached_property
    def _posted(self) -> dict[str, set[str]]:
        data = self.data
        return {name: set(data.getlist(name)) for name in ("seat", "away", "came", "took_part")}

    def _as_posted(self, seat: Seat) -> Seat:
        key = str(seat.member_id)
        if self.sheet.gathering is Gathering.PAIR:
            state = "present" if key in self._posted["took_part"] else ""
            return replace(seat, state=state, reason="")
        if key not in self._posted["seat"]:
            return seat
        if not seat.is_expected:
            is_there = key in self._posted["came"]
            state, reason = ("present", "") if is_there else ("leave", "old_or_ill")
        elif key in self._posted["away"]:
            state, reason = self._why_away(key)
        else:
            state, reason = "present", ""
        return replace(seat, state=state, reason=reason)

    def _why_away(self, key: str) -> tuple[str, str]:
        said = self.data.get(f"state-{key}", "")
        if said.startswith(LEAVE) and said.removeprefix(LEAVE) in AbsenceKind.values:
            return "leave", said.removeprefix(LEAVE)
        return (said, "") if said in dict(OTHER_STATES) else ("absent", "")

    @property
    def unexplained(self) -> list[Seat]:
        """Those marked away by the first tap alone, whose second is still owed."""
        if not self.is_bound:
            return []
        return [
            seat
            for seat in self.expected
            if str(seat.member_id) in self._posted["away"]
            and not self.data.get(f"state-{seat.member_id}")
        ]

    @property
    def newly_expected(self) -> list[Seat]:
        """Members whom the page did not show yet, for the day or the kinds were changed since."""
        if not self.is_bound or self.sheet.gathering is Gathering.PAIR:
            return []
        return [s for s in self.seats if str(s.member_id) not in self._posted["seat"]]

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.items.is_valid()])

    def clean_photos(self) -> list:
        return [remade(file) for file in self.cleaned_data["photos"]]

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
        committee = self.sheet.roster.committee()
        of_committee = sum(seat.member_id in committee for seat in there)
        if of_committee == len(there):
            pair = _("支委之间谈心谈话")
        else:
            pair = _("支委与党员谈心谈话") if of_committee else _("党员之间谈心谈话")
        return f"{pair}：{'、'.join(seat.name for seat in there)}"[:100]

    def record(self) -> Record:
        """Return what the page says; the form must be valid."""
        data = self.cleaned_data
        agenda = []
        self._order = []
        for entry, form in self._entries():
            agenda.append(entry)
            self._order.append(form)
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
        for form in self.items.ordered_forms:
            if (entry := form.entry()) is not None:
                yield entry, form

    def _lecture_title(self) -> str:
        """A course picked from the catalogue names the lecture unless a title was typed."""
        data = self.cleaned_data
        return data["lecture_title"] or dict(self.sheet.courses).get(data["lecture_course"], "")

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
        for lack in lacks:
            field, text = MISSING[lack.what]
            text = text % {"present": lack.present, "cast": lack.cast}
            form = self._order[lack.entry] if lack.entry is not None else None
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

    # After a save that the page has to tell about

    def take_version(self, version: int) -> None:
        """Go on from the version that is now in the database."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


def _choice_of(seat: Seat) -> str:
    if seat.state == "leave":
        return f"{LEAVE}{seat.reason}"
    return seat.state if seat.state in dict(OTHER_STATES) else ""
