"""Two people wrote one record at once: what only one of them changed is merged by itself, what both
changed is shown side by side, and nothing is lost.

The page carries a digest of each field as it was served. A field that still has that digest in the
database was not changed by the other; one that was sent with it was not changed here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from json import JSONDecodeError, dumps, loads

from django.http import QueryDict
from django.utils.translation import gettext as _

from meetings.models import Grade
from meetings.record import Gathering

from .attendance import ADJUST, choice_of
from .form import RecordForm
from .life import FIELDS
from .rows import BaseRows, RowForm
from .values import sent, shown

UNASKED = ("version", "token", "photos", "reason", "served")
LONG = {"first_minutes", "first_resolution", "lecture_minutes", "summary", "minutes", "resolution",
        "guests", "text", "remedy"}  # fmt: skip
# What decides which others there are; merged before them.
DECIDING = ("kinds", "day", "group")
TAKE = "take-"


@dataclass(frozen=True)
class Unit:
    """One thing on the page that is changed or kept as a whole."""

    label: str
    values: list[str]
    text: str
    is_long: bool = False

    @property
    def digest(self) -> str:
        return blake2b("\x1f".join(self.values).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Conflict:
    """What both have changed: the label and both texts; `name` answers which to keep."""

    key: str
    label: str
    mine: str
    theirs: str
    is_long: bool

    @property
    def name(self) -> str:
        return f"{TAKE}{self.key}"


@dataclass
class Merged:
    """What was sent, with what only the other changed; and what a person has to decide."""

    data: QueryDict
    conflicts: list[Conflict] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def served(form: RecordForm) -> str:
    """Return the digests of everything on the page, for its hidden field."""
    units = {key: unit.digest for key, unit in units_of(form).items()}
    return dumps(units, separators=(",", ":"))


def rows_kept(sent_form: RecordForm, stored: RecordForm) -> dict[str, str]:
    """Return the hidden fields that name the rows of a page that was saved just now, so that its
    new rows are known the next time. `stored` is made of the record as it stands."""
    life = stored.sheet.life
    pairs = [*zip(sent_form.entry_rows, stored.sheet.agenda, strict=False)]
    for rows, kept in ((sent_form.remarks, life.remarks), (sent_form.problems, life.shortcomings)):
        if rows.is_bound:
            pairs += zip(rows.kept, kept, strict=False)
    return {form.add_prefix("pk"): str(row.pk) for form, row in pairs if form is not None}


# --- Units --------------------------------------------------------------------------------------


def units_of(form: RecordForm) -> dict[str, Unit]:
    """Return every unit of the page by its key."""
    found = {
        name: Unit(str(form.fields[name].label), sent(form, name), shown(form, name), name in LONG)
        for name in form.fields
        if name not in UNASKED
    }
    for rows in _row_sets(form):
        found |= _units_of_rows(rows)
    found |= _units_of_seats(form)
    if "evaluation" in form.sheet.kinds:
        found |= _units_of_grades(form)
    return found


def _row_sets(form: RecordForm) -> tuple[BaseRows, ...]:
    return form.items, form.remarks, form.problems


def _row_key(rows: BaseRows, pk: object) -> str:
    return f"{rows.prefix}.{pk}"


def _pk_of(form: RowForm) -> str:
    return str(form["pk"].value() or "")


def _is_out(form: RowForm) -> bool:
    return bool(form["DELETE"].value())


def _asked(form: RowForm) -> list[str]:
    return [name for name in form.fields if name not in ("pk", "ORDER", "DELETE")]


def _units_of_rows(rows: BaseRows) -> dict[str, Unit]:
    """The rows that are in the database already; new ones are nobody else's."""
    found = {}
    for number, form in enumerate(rows.forms, start=1):
        if not (pk := _pk_of(form)) or _is_out(form):
            continue
        for name in _asked(form):
            label = f"{number}. {form.fields[name].label or name}"
            values = sent(form, name)
            if name in ("against", "abstaining", "invalid", "in_favour") and values == ["0"]:
                # Ballots that nobody cast may be sent as nothing, and are stored as 0.
                values = [""]
            key = f"{_row_key(rows, pk)}.{name}"
            found[key] = Unit(label, values, shown(form, name), name in LONG)
    return found


def _units_of_seats(form: RecordForm) -> dict[str, Unit]:
    labels = {value: str(label) for value, label, _as in form.states}
    found = {}
    for seat in form.seats:
        said = choice_of(seat) or seat.state
        text = labels.get(said, _("到会") if seat.is_present else _("未参加"))
        if seat.adjustment:
            text += _("（不计入应到：%(reason)s）") % {"reason": seat.adjustment}
        key = f"seat.{seat.member_id}"
        found[key] = Unit(seat.name, [said, seat.adjustment], text)
    return found


def _units_of_grades(form: RecordForm) -> dict[str, Unit]:
    found = {}
    for row in form.appraisals.rows:
        values = [str(getattr(row.value, name)) for name in FIELDS]
        grade = Grade(row.value.grade).label if row.value.grade else "—"
        text = f"{grade} {'/'.join(values[1:5])} {row.value.note}".strip()
        found[f"grade.{row.seat.member_id}"] = Unit(row.seat.name, values, text)
    return found


# --- Merging ------------------------------------------------------------------------------------


def merged(mine: RecordForm, theirs: RecordForm, *, only: Iterable[str] | None = None) -> Merged:
    """Merge what was sent with what is stored; `only` restricts it to those fields."""
    base = _read(mine.data.get("served", ""))
    ours, stored = units_of(mine), units_of(theirs)
    result = Merged(mine.data.copy())
    for key in only or ours:
        my, their = ours.get(key), stored.get(key)
        if my is None or their is None or my.values == their.values:
            continue
        known = base.get(key)
        if their.digest == known:
            continue
        # A title left empty is made up from the day and the kinds.
        if my.digest == known or (key == "title" and my.values == [""]):
            _take(result.data, mine, theirs, key)
            result.taken.append(their.label)
        else:
            result.conflicts.append(
                Conflict(key, my.label, my.text, their.text, my.is_long or their.is_long)
            )
    if only is None:
        for mine_rows, their_rows in zip(_row_sets(mine), _row_sets(theirs), strict=True):
            if mine_rows.is_bound:
                _merge_rows(result, mine_rows, their_rows, base)
    return result


def _read(text: str) -> dict[str, str]:
    try:
        found = loads(text)
    except JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _merge_rows(result: Merged, mine: BaseRows, theirs: BaseRows, base: dict[str, str]) -> None:
    """Merge which rows there are. A row that one took out and the other changed stays."""
    prefix = f"{mine.prefix}."
    known = {key.split(".")[1] for key in base if key.startswith(prefix)}
    ours = {_pk_of(form): form for form in mine.forms if _pk_of(form)}
    stored = {_pk_of(form): form for form in theirs.forms if _pk_of(form)}
    for pk, form in stored.items():
        kept = ours.get(pk)
        is_changed = _differs(theirs, form, base)
        if kept is None and pk not in known:
            _add_row(result.data, mine, form)
            result.taken.append(_("新增的一项"))
        elif (kept is None or _is_out(kept)) and is_changed:
            if kept is None:
                _add_row(result.data, mine, form)
            else:
                _put_row(result.data, mine.forms.index(kept), mine, form)
            result.taken.append(_("对方修改过的一项"))
    for pk, form in ours.items():
        if pk in stored or _is_out(form):
            continue
        index = mine.forms.index(form)
        result.data[f"{mine.prefix}-{index}-pk"] = ""
        if pk in known and not _differs(mine, form, base):
            result.data[f"{mine.prefix}-{index}-DELETE"] = "on"
            result.taken.append(_("对方删去的一项"))


def _differs(rows: BaseRows, form: RowForm, base: dict[str, str]) -> bool:
    units = _units_of_rows(rows)
    start = f"{_row_key(rows, _pk_of(form))}."
    return any(unit.digest != base.get(key) for key, unit in units.items() if key.startswith(start))


def _add_row(data: QueryDict, rows: BaseRows, form: RowForm) -> None:
    name = f"{rows.prefix}-TOTAL_FORMS"
    index = int(data[name])
    data[name] = str(index + 1)
    _put_row(data, index, rows, form)
    data[f"{rows.prefix}-{index}-ORDER"] = str(index + 1)


def _put_row(data: QueryDict, index: int, rows: BaseRows, form: RowForm) -> None:
    for name in _asked(form):
        data.setlist(f"{rows.prefix}-{index}-{name}", sent(form, name))
    data[f"{rows.prefix}-{index}-pk"] = _pk_of(form)
    data.setlist(f"{rows.prefix}-{index}-DELETE", [])


def _take(data: QueryDict, mine: RecordForm, theirs: RecordForm, key: str) -> None:
    """Put the stored value of one unit where the page had its own."""
    what, _dot, rest = key.partition(".")
    if what == "seat":
        _take_seat(data, theirs, rest)
    elif what == "grade":
        row = next(r for r in theirs.appraisals.rows if str(r.seat.member_id) == rest)
        for name in FIELDS:
            data[f"{name}-{rest}"] = str(getattr(row.value, name))
    elif rest:
        pk, _dot, name = rest.partition(".")
        rows, stored = (
            next(one for one in _row_sets(form) if one.prefix == what) for form in (mine, theirs)
        )
        index = next(n for n, form in enumerate(rows.forms) if _pk_of(form) == pk)
        form = next(form for form in stored.forms if _pk_of(form) == pk)
        data.setlist(f"{what}-{index}-{name}", sent(form, name))
    else:
        data.setlist(what, sent(theirs, what))


def _take_seat(data: QueryDict, theirs: RecordForm, pk: str) -> None:
    seat = next(seat for seat in theirs.seats if str(seat.member_id) == pk)
    for name in ("away", "came", "took_part"):
        data.setlist(name, [one for one in data.getlist(name) if one != pk])
    data.setlist(f"state-{pk}", [])
    if theirs.sheet.gathering is Gathering.PAIR:
        if seat.is_present:
            data.appendlist("took_part", pk)
    elif seat.state != "present":
        data.appendlist("away", pk)
        data[f"state-{pk}"] = choice_of(seat)
    else:
        data.appendlist("came", pk)
    _take_adjustment(data, pk, seat.adjustment)


def _take_adjustment(data: QueryDict, pk: str, reason: str) -> None:
    total = f"{ADJUST}-TOTAL_FORMS"
    if total not in data:
        return
    for n in range(int(data[total])):
        if data.get(f"{ADJUST}-{n}-member") == pk:
            data[f"{ADJUST}-{n}-reason"] = reason
            if not reason:
                data[f"{ADJUST}-{n}-DELETE"] = "on"
            return
    if reason:
        index = int(data[total])
        data[total] = str(index + 1)
        data[f"{ADJUST}-{index}-member"] = pk
        data[f"{ADJUST}-{index}-reason"] = reason


# --- Deciding -----------------------------------------------------------------------------------


def decided(mine: RecordForm, theirs: RecordForm) -> QueryDict | None:
    """Return what was sent with the answers of the page that showed both texts, or None where it
    asked nothing. `theirs` is the record as it was shown there."""
    answers = {
        name.removeprefix(TAKE): answer
        for name, answer in mine.data.items()
        if name.startswith(TAKE) and answer in ("theirs", "both")
    }
    if not answers:
        return None
    data = mine.data.copy()
    ours, stored = units_of(mine), units_of(theirs)
    for key, answer in answers.items():
        if key not in ours or key not in stored:
            continue
        if answer == "theirs":
            _take(data, mine, theirs, key)
        elif stored[key].is_long:
            name = _field_name(mine, key)
            data[name] = "\n".join([*ours[key].values, *stored[key].values]).strip()
    return data


def _field_name(form: RecordForm, key: str) -> str:
    what, *rest = key.split(".")
    if not rest:
        return what
    rows = next(one for one in _row_sets(form) if one.prefix == what)
    index = next(n for n, row in enumerate(rows.forms) if _pk_of(row) == rest[0])
    return f"{what}-{index}-{rest[1]}"
