"""The logging form: one screen for a whole meeting, filled in as far as the system knows."""

import secrets
from collections.abc import Iterator
from dataclasses import replace

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from config.language import in_source_script
from meetings.models import AbsenceKind, AgendaItem, AgendaKind, MeetingKind, VoteRule
from meetings.photos import remade
from meetings.record import (
    NEEDS_FIRST_TOPIC,
    Ballots,
    Entry,
    Gathering,
    Lack,
    Missing,
    Record,
    Seat,
    Tally,
    Visitor,
    gathering,
    voters,
)
from meetings.reports.sheet import Sheet
from meetings.rules import quorum

from .fields import (
    PHOTOS_HELP,
    DateField,
    PhotosField,
    TimeField,
    parse_day,
    read_guests,
    write_guests,
)

# What a tap on a name's second row can say: leave with its category, or one of these.
LEAVE = "leave:"
OTHER_STATES = (
    ("absent", _lazy("无故缺席")),
    ("late", _lazy("迟到")),
    ("remote", _lazy("线上参加")),
)


class ItemForm(forms.Form):
    """One more item of the agenda: a topic, a decision with its ballots, or a free X."""

    kind = forms.ChoiceField(
        label=_lazy("类别"),
        choices=[
            (kind.value, kind.label)
            for kind in (AgendaKind.TOPIC, AgendaKind.DECISION, AgendaKind.OPTIONAL)
        ],
    )
    title = forms.CharField(label=_lazy("议题"), max_length=200, required=False)
    speaker = forms.CharField(label=_lazy("报告人"), max_length=50, required=False)
    minutes = forms.CharField(
        label=_lazy("发言要点"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("逐人记录，含不同意见"),
    )
    resolution = forms.CharField(
        label=_lazy("决定、决议"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    rule = forms.ChoiceField(
        label=_lazy("表决类型"), choices=[("", "—"), *VoteRule.choices], required=False
    )
    in_favour = forms.IntegerField(label=_lazy("赞成"), min_value=0, max_value=9999, required=False)
    against = forms.IntegerField(label=_lazy("反对"), min_value=0, max_value=9999, required=False)
    abstaining = forms.IntegerField(
        label=_lazy("弃权"), min_value=0, max_value=9999, required=False
    )
    is_secret = forms.BooleanField(label=_lazy("无记名投票"), required=False)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("kind") == AgendaKind.DECISION and data.get("rule") == VoteRule.ADMISSION:
            # The ballot on an admission is secret by rule; there is nothing to ask.
            data["is_secret"] = True
        if any(value for name, value in data.items() if name in ITEM_TEXTS) and not data.get(
            "title"
        ):
            self.add_error("title", _("请填写这一项的议题。"))
        return data

    def entry(self) -> Entry | None:
        """Return the item, or None for a row left empty or taken out."""
        data = self.cleaned_data
        if not data.get("title") or data.get("DELETE"):
            return None
        ballots = None
        if data["kind"] == AgendaKind.DECISION and data["rule"] and data["in_favour"] is not None:
            ballots = Ballots(
                rule=data["rule"],
                in_favour=data["in_favour"],
                against=data["against"] or 0,
                abstaining=data["abstaining"] or 0,
                is_secret=data["is_secret"],
            )
        return Entry(
            kind=data["kind"],
            title=data["title"],
            speaker=data["speaker"],
            minutes=data["minutes"],
            resolution=data["resolution"],
            ballots=ballots,
        )

    @staticmethod
    def initial_from(item: AgendaItem) -> dict:
        vote = getattr(item, "vote", None)
        votes = ("rule", "in_favour", "against", "abstaining", "is_secret")
        return {
            "kind": item.kind,
            "title": item.title,
            "speaker": item.speaker,
            "minutes": item.minutes,
            "resolution": item.resolution,
        } | ({name: getattr(vote, name) for name in votes} if vote else {})


ITEM_TEXTS = ("speaker", "minutes", "resolution", "rule")


class BaseItemFormSet(BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("次序")
        form.fields["DELETE"].label = _("去掉这一项")


# One empty row is sent; scripts add more, and without them saving a draft does.
ItemFormSet = formset_factory(
    ItemForm, formset=BaseItemFormSet, extra=1, can_order=True, can_delete=True, max_num=60
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
            data = _refreshed(data, sheet)
        super().__init__(
            data, files, initial=_initial(sheet) if data is None else None, label_suffix=""
        )
        members = [("", "—")] + [(p.seat.member_id, p.seat.name) for p in sheet.roster.people]
        self.fields["chair"].choices = members + _missing(sheet.meeting, "chair", members)
        self.fields["recorder"].choices = members + _missing(sheet.meeting, "recorder", members)
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
        self.items = ItemFormSet(data, prefix="item", initial=_item_initial(sheet))
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
        chosen = {name: _shown(self, name) for name in ("kinds", "place", "chair", "recorder")}
        day = parse_day(_shown(self, "day"))
        if self.shows_group and (group := _shown(self, "group")):
            chosen["kinds"] = f"{group} {chosen['kinds']}"
        when = f"{date_format(day, 'n月j日') if day else ''} {_shown(self, 'starts_at')}".strip()
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

    def differences(self, theirs: "RecordForm") -> list[tuple[str, str, str]]:
        """Return label, the text sent here and the text saved by somebody else, where they differ."""
        rows = [
            (str(self.fields[name].label), _shown(self, name), _shown(theirs, name))
            for name in self.fields
            if name not in ("version", "token", "photos", "reason")
        ]
        rows.append((_("其他议题"), self.items_text(), theirs.items_text()))
        rows.append((_("未到会"), self.away_text(), theirs.away_text()))
        return [row for row in rows if row[1] != row[2]]

    def items_text(self) -> str:
        texts = []
        for form in self.items.forms:
            names = (
                "title",
                "speaker",
                "minutes",
                "resolution",
                "in_favour",
                "against",
                "abstaining",
            )
            values = [str(form[name].value() or "") for name in names]
            # Ballots that nobody cast may be sent as nothing, and are stored as 0.
            values = ["" if value == "0" else value for value in values]
            texts.append(" · ".join(value for value in values if value))
        return "\n".join(text for text in texts if text)

    def away_text(self) -> str:
        return "、".join(seat.name for seat in self.expected if not seat.is_present)


def _refreshed(data, sheet: Sheet):
    """Fill in what follows from the kinds chosen now: the group, and whose chair it is."""
    data = data.copy()
    if sheet.group_id is not None and not data.get("group"):
        data["group"] = str(sheet.group_id)
    chair_id = sheet.rightful_chair_id
    if chair_id is not None and data.get("chair") in {"", *map(str, sheet.roster.chairs)}:
        data["chair"] = str(chair_id)
    return data


def _choice_of(seat: Seat) -> str:
    if seat.state == "leave":
        return f"{LEAVE}{seat.reason}"
    return seat.state if seat.state in dict(OTHER_STATES) else ""


def _shown(form: RecordForm, name: str) -> str:
    """The value of a field as the page shows it."""
    value = form[name].value()
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        chosen = {str(v) for v in (value if isinstance(value, (list, tuple)) else [value])}
        return "、".join(str(label) for key, label in field.choices if str(key) in chosen and key)
    if hasattr(value, "strftime"):
        value = field.widget.format_value(value)
    return str(value or "").replace("\r\n", "\n").strip()


MISSING = {
    Missing.FUTURE: ("day", _lazy("会议日期还没到，不能提交记录；可先保存草稿。")),
    Missing.BEFORE_BRANCH: ("day", _lazy("会议日期早于支部成立日期。")),
    Missing.START: ("starts_at", _lazy("请填写开始时间。")),
    Missing.PLACE: ("place", _lazy("请填写地点。")),
    Missing.CHAIR: ("chair", _lazy("请选择主持人。")),
    Missing.CHAIR_NOTE: (
        "chair_note",
        _lazy("主持人不是支部书记（或党小组组长），请注明受谁委托主持（条例第14条）。"),
    ),
    Missing.CHAIR_AWAY: ("chair", _lazy("主持人被记为未到会，请核对。")),
    Missing.RECORDER: ("recorder", _lazy("请选择记录人。")),
    Missing.RECORDER_AWAY: ("recorder", _lazy("记录人被记为未到会，请核对。")),
    Missing.FIRST_TOPIC: ("first_title", _lazy("请填写第一议题学习的文件或讲话。")),
    Missing.LECTURE_TITLE: ("lecture_title", _lazy("请填写党课题目，或选择课程。")),
    Missing.LECTURE_SPEAKER: ("lecture_speaker", _lazy("请填写授课人。")),
    Missing.AGENDA: ("first_title", _lazy("请至少填写一项议题。")),
    Missing.NOBODY: ("", _lazy("没有一名党员到会，不能提交；没有召开的，请说明原因或取消会议。")),
    Missing.NO_PAIR: ("", _lazy("谈心谈话至少有两人参加。")),
    Missing.BALLOTS: ("rule", _lazy("表决事项请填写表决类型和票数。")),
    Missing.BALLOT_RULE: (
        "rule",
        _lazy("表决类型与会议不符：支委会用“支委会决定”，党员大会用其他三种；党小组会不作表决。"),
    ),
    Missing.BALLOT_SUM: (
        "in_favour",
        _lazy("赞成、反对、弃权共 %(cast)s 票，应等于实到有表决权的 %(present)s 人。"),
    ),
    Missing.BALLOT_SECRET: ("is_secret", _lazy("接收预备党员、转正和选举须无记名投票。")),
}


@in_source_script
def title_for(kinds: list[str], day) -> str:
    """Return the plain title of a meeting nobody named."""
    labels = "、".join(str(MeetingKind(kind).label) for kind in MeetingKind if kind in kinds)
    return _("%(year)s年%(month)s月%(kinds)s") % {
        "year": day.year,
        "month": day.month,
        "kinds": labels,
    }


def _missing(meeting, role: str, members: list) -> list:
    """Keep whoever chaired or wrote in the choices after leaving the branch."""
    person = getattr(meeting, role)
    if person is None or any(pk == person.pk for pk, _name in members):
        return []
    return [(person.pk, person.name)]


def _initial(sheet: Sheet) -> dict:
    meeting, defaults = sheet.meeting, sheet.defaults
    initial = {
        "version": meeting.version,
        "token": "" if meeting.pk else secrets.token_hex(16),
        "kinds": list(sheet.kinds),
        "group": sheet.group_id,
        "day": sheet.day,
        "title": meeting.title,
        "chair": meeting.chair_id or defaults.get("chair"),
        "recorder": meeting.recorder_id or defaults.get("recorder"),
        "starts_at": meeting.starts_at or defaults.get("starts_at"),
        "place": meeting.place or defaults.get("place", ""),
        "fixed": [str(action.pk) for action in sheet.fixed],
    }
    for name in ("ends_at", "chair_note", "summary", "late_note"):
        initial[name] = getattr(meeting, name)
    by_kind: dict[str, AgendaItem] = {}
    for item in sheet.agenda:
        by_kind.setdefault(item.kind, item)
    if (first := by_kind.get(AgendaKind.FIRST_TOPIC)) is not None:
        for name in ("title", "source_on", "speaker", "minutes", "resolution"):
            initial[f"first_{name}"] = getattr(first, name)
    if AgendaKind.FIXED in by_kind:
        initial["fixed"] = [
            str(item.fixed_action_id)
            for item in sheet.agenda
            if item.kind == AgendaKind.FIXED and item.is_done
        ]
    if (item := _x_of(sheet)) is not None:
        initial["optional"] = item.title
    if (lecture := by_kind.get(AgendaKind.LECTURE)) is not None:
        initial |= {
            "lecture_title": lecture.title,
            "lecture_speaker": lecture.speaker,
            "lecture_course": lecture.course_id,
            "lecture_minutes": lecture.minutes,
        }
    initial["leaders"] = [str(guest.leader_id) for guest in sheet.guests if guest.leader_id]
    initial["guests"] = write_guests(g for g in sheet.guests if not g.leader_id)
    return initial


def _x_of(sheet: Sheet) -> AgendaItem | None:
    """Return the item that the X field holds: the first free one with a title and no more."""
    if MeetingKind.THEME_DAY not in sheet.kinds:
        return None
    return next(
        (
            item
            for item in sheet.agenda
            if item.kind == AgendaKind.OPTIONAL
            and not (item.speaker or item.minutes or item.resolution)
        ),
        None,
    )


def _item_initial(sheet: Sheet) -> list[dict]:
    x = _x_of(sheet)
    kinds = (AgendaKind.TOPIC, AgendaKind.DECISION, AgendaKind.OPTIONAL)
    return [
        ItemForm.initial_from(item) for item in sheet.agenda if item.kind in kinds and item is not x
    ]
