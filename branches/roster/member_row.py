"""One row of a roster, judged by itself: what its cells mean, and what cannot be so."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from branches.models import Member, Organization, OrganizationKind, PartyGroup
from branches.roster import cells
from branches.roster.columns import ROSTER
from branches.roster.directory import Directory
from branches.roster.outcome import Plan
from branches.roster.reading import RowTexts, SourceRow
from branches.scripts import fold

ADULT_YEARS = 18
# Cells that stand for themselves; days, status, branch, group and phone are judged together.
PLAIN_FIELDS: dict[str, Callable[[str], Any]] = {
    "sex": cells.sex,
    "ethnicity": cells.ethnicity,
    "education": cells.word,
    "work": cells.word,
    "is_floating": cells.yes_or_no,
    "floating_to": cells.word,
    "note": cells.note,
}


class MemberRow:
    """One row read by itself: its cells as values, its faults, and the branch it names."""

    def __init__(
        self, source: SourceRow, directory: Directory, home: Organization | None, today: date
    ) -> None:
        self.texts: RowTexts = source.texts(ROSTER)
        self.plan = Plan(source)
        self.today = today
        self.values: dict[str, Any] = {}
        # Days of which the sheet names only the month.
        self.months: set[str] = set()
        self.name = self._read("name", cells.person_name) or ""
        if not self.name and not self.plan.issues:
            self.refuse("name", _("缺少姓名"))
        for field, meaning in PLAIN_FIELDS.items():
            self._keep(field, self._read(field, meaning))
        self._read_phone()
        self._read_days()
        self.status = self._read_status()
        self.branch = self._find_branch(directory, home)
        self.group = self._read("group", cells.word) or ""
        if len(self.group) > PartyGroup._meta.get_field("name").max_length:
            self.refuse("group", _("太长"))
        if self.values.get("floating_to") and not self.values.get("is_floating"):
            self.hint(_("有流动去向，但“是否流动党员”不是“是”"))

    def refuse(self, field: str, reason: str) -> None:
        default = Member._meta.get_field(field).verbose_name if field != "status" else _("人员类别")
        self.plan.refuse(self.texts.header(field, str(default)), self.texts.text(field), reason)

    def hint(self, text: str) -> None:
        self.plan.hints.append(text)

    def _read(self, field: str, meaning: Callable[[str], Any]) -> Any:
        """Return what the cell means; None when it is empty or means nothing."""
        text = self.texts.text(field)
        if not text:
            return None
        try:
            return meaning(text)
        except ValueError as error:
            self.refuse(field, str(error))
            return None

    def _keep(self, field: str, value: Any) -> None:
        if value is None or value == "":
            return
        longest = getattr(Member._meta.get_field(field), "max_length", None)
        if isinstance(value, str) and longest and len(value) > longest:
            self.refuse(field, _("超过%(count)d个字") % {"count": longest})
            return
        self.values[field] = value

    def _read_phone(self) -> None:
        if cells.is_masked(self.texts.text("phone")):
            self.hint(_("隐去中间几位的号码不导入"))
        else:
            self._keep("phone", self._read("phone", cells.phone))

    def _read_days(self) -> None:
        born, joined, full = (self._day(field) for field in ("born_on", "joined_on", "full_on"))
        if not self.texts.text("joined_on"):
            self.refuse("joined_on", _("缺少入党日期"))
        elif joined:
            if self._may_have_joined(joined, born) and full and full < joined:
                self.refuse("full_on", _("早于入党日期（%(day)s）") % {"day": f"{joined:%Y-%m-%d}"})
        elif born and born > self.today:
            self.refuse("born_on", _("出生日期在将来"))

    def _day(self, field: str) -> date | None:
        found = self._read(field, cells.day)
        if found is None:
            return None
        if not found.is_whole:
            self.months.add(field)
            label = Member._meta.get_field(field).verbose_name
            self.hint(_("%(label)s只有月份，按当月1日导入") % {"label": label})
        self.values[field] = found.date
        return found.date

    def _may_have_joined(self, joined: date, born: date | None) -> bool:
        # Where only the month is known its last day speaks for the member.
        latest = 31 if "joined_on" in self.months else joined.day
        if joined > self.today:
            self.refuse("joined_on", _("入党日期在将来"))
        elif born and joined <= born:
            self.refuse("joined_on", _("早于出生日期（%(day)s）") % {"day": f"{born:%Y-%m-%d}"})
        elif born and (joined.year - ADULT_YEARS, joined.month, latest) < (
            born.year,
            born.month,
            born.day,
        ):
            self.refuse(
                "joined_on",
                _("入党时不满18周岁（出生日期%(day)s）") % {"day": f"{born:%Y-%m-%d}"},
            )
        else:
            return True
        return False

    def _read_status(self) -> str | None:
        """Return full or probationary: from its cell, else the sheet's title, else 转正日期."""
        if self.texts.text("status"):
            return self._read("status", cells.status)
        if "status" not in self.texts:
            title = fold(self.plan.row.place)
            if ("预备党员" in title) != ("正式党员" in title):
                return cells.PROBATIONARY if "预备党员" in title else cells.FULL
        if "full_on" in self.values:
            return cells.FULL
        self.refuse("status", _("没有人员类别，也没有转正日期，无法判断是否正式党员"))
        return None

    def _find_branch(self, directory: Directory, home: Organization | None) -> Organization | None:
        text = self.texts.text("branch")
        if not text:
            found = home
            if found is None and "branch" not in self.texts:
                found = directory.branch_in(self.plan.row.place)
            if found is None:
                self.refuse("branch", _("缺少所在党支部"))
            return found
        meant = directory.find(text)
        branches = [one for one in meant if one.kind == OrganizationKind.BRANCH]
        if len(branches) == 1:
            return self._existing(branches[0])
        if branches:
            self.refuse(
                "branch",
                _("对应几个党支部（%(names)s），请写全称")
                % {"names": "、".join(one.name for one in branches[:3])},
            )
        elif meant:
            self.refuse(
                "branch",
                _("%(name)s是%(kind)s，请写到党支部")
                % {"name": meant[0], "kind": meant[0].get_kind_display()},
            )
        elif near := directory.nearest(text):
            self.refuse(
                "branch", _("没有这个党支部；相近的有：%(names)s") % {"names": "、".join(near)}
            )
        else:
            self.refuse("branch", _("没有这个党支部"))
        return None

    def _existing(self, branch: Organization) -> Organization | None:
        if branch.dissolved_on and branch.dissolved_on <= self.today:
            self.refuse(
                "branch", _("该党支部已于%(day)s撤销") % {"day": f"{branch.dissolved_on:%Y-%m-%d}"}
            )
            return None
        return branch
