"""What each row of a list of organizations would do. Two statements, whatever its length.

An organization is known by its code, else by its name. The rows come in any order, parents after
children too. Parent and kind of what exists are changed by people, not by a list.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from branches import rules
from branches.models import BranchType, Organization, OrganizationKind
from branches.roster import cells
from branches.roster.columns import ORGANIZATIONS
from branches.roster.directory import Directory, core, ending, within_reach
from branches.roster.outcome import Change, Plan
from branches.roster.reading import SourceRow
from branches.scripts import fold

COUNTY, TOWNSHIP = OrganizationKind.COUNTY, OrganizationKind.TOWNSHIP
GENERAL_BRANCH, BRANCH = OrganizationKind.GENERAL_BRANCH, OrganizationKind.BRANCH

# Codes of 党组织类别 in the provincial exports.
KIND_CODES = {
    "611": "党委",
    "641": "二级党委",
    "621": "党总支",
    "630": "党支部",
    "631": "党支部",
    "632": "党支部",
    "931": "党支部",
    "932": "党支部",
}
SECOND_COMMITTEE = "二级党委"
_COUNTY_NAME = re.compile(r"(县|(?<!社)(?<!园)区|市|旗)党委$")
_BRANCH_TYPES = (
    (BranchType.FLOATING, ("流动",)),
    (BranchType.RETIRED, ("离退休", "退休", "老干部")),
    (BranchType.COMMUNITY, ("社区", "居委会", "居民")),
    (
        BranchType.ENTERPRISE,
        ("两新", "企业", "非公", "社会组织", "合作社", "公司"),
    ),
    (BranchType.INSTITUTION, ("事业单位", "学校", "医院", "卫生院", "科研院所")),
    (BranchType.OFFICE, ("机关",)),
    (BranchType.VILLAGE, ("村", "农村")),
)


def plan_organizations(
    rows: Iterable[SourceRow], *, organization: Organization | None, today: date
) -> list[Plan]:
    """Judge every row; only what is within `organization` (or anything, when None) may change."""
    return _Tree(list(rows), organization, today).plans()


def is_county(name: str) -> bool:
    return bool(_COUNTY_NAME.search(core(name)))


class _Row:
    """One row read by itself."""

    def __init__(self, source: SourceRow, today: date) -> None:
        self.texts = source.texts(ORGANIZATIONS)
        self.plan = Plan(source)
        self.values: dict[str, Any] = {}
        self.is_month = False
        self.kind: OrganizationKind | None = None
        self.is_settled = False
        self.row_parent: _Row | None = None
        self.existing: Organization | None = None
        self.parent: Organization | None = None
        for field in ("code", "name", "short_name", "note"):
            self._keep(field, self._read(field, cells.note if field == "note" else cells.word))
        self.name = self.values.get("name", "")
        if not self.name and not self.plan.issues:
            self.refuse("name", _("缺少党组织全称"))
        self.kind_word = self._read("kind", _kind_word) or ""
        self._keep("branch_type", self._read("branch_type", _branch_type))
        self._read_established(today)

    def refuse(self, field: str, reason: str) -> None:
        default = str(Organization._meta.get_field(field).verbose_name)
        self.plan.refuse(self.texts.header(field, default), self.texts.text(field), reason)

    def _read(self, field: str, meaning: Callable[[str], Any]) -> Any:
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
        longest = Organization._meta.get_field(field).max_length
        if isinstance(value, str) and longest and len(value) > longest:
            self.refuse(field, _("超过%(count)d个字") % {"count": longest})
            return
        self.values[field] = value

    def _read_established(self, today: date) -> None:
        found = self._read("established_on", cells.day)
        if found is None:
            return
        if found.date > today:
            self.refuse("established_on", _("成立日期在将来"))
            return
        if not found.is_whole:
            self.plan.hints.append(_("成立日期只有月份，按当月1日导入"))
        self.is_month = not found.is_whole
        self.values["established_on"] = found.date


class _Tree:
    """The organizations that exist and those of the sheet, joined into one tree."""

    def __init__(
        self, rows: list[SourceRow], organization: Organization | None, today: date
    ) -> None:
        self.scope = organization
        self.directory = Directory(within_reach(organization))
        self.known = {one.pk: one for one in self.directory.organizations}
        self.rows = [_Row(row, today) for row in rows]
        given = {row.values["code"] for row in self.rows if "code" in row.values}
        # Codes of other townships count as well: a code is unique everywhere.
        self.codes = dict(
            Organization.objects.filter(code__in=given).values_list("code", "pk")
            if len(given) <= 500
            else Organization.objects.values_list("code", "pk")
        )
        self.by_name: dict[str, list[_Row]] = {}
        self.counties: dict[str, str] = {}

    def plans(self) -> list[Plan]:
        self._identify()
        for row in self.rows:
            self._find_parent(row)
        for row in self.rows:
            self._place(row, ())
        for row in self.rows:
            if row.row_parent:
                row.plan.above = row.row_parent.plan
            order = {header: place for place, (header, _text) in enumerate(row.plan.row.cells)}
            row.plan.issues.sort(key=lambda issue: order.get(issue.column, len(order)))
        return [row.plan for row in self.rows]

    # Who is meant

    def _identify(self) -> None:
        meant: dict[Any, _Row] = {}
        for row in self.rows:
            if not row.name:
                continue
            row.existing = self._existing(row)
            key: Any = (
                row.existing.pk if row.existing else (fold(row.name), row.texts.text("parent"))
            )
            code = row.values.get("code")
            before = meant.get(key) or (code and meant.get(("code", code)))
            if before:
                row.refuse("name", _("与第%(row)d行重复") % {"row": before.plan.row.number})
                continue
            meant[key] = row
            if code:
                meant["code", code] = row
            for name in {row.name, row.values.get("short_name", row.name)}:
                for text in {fold(name), core(name), self.directory.bare(name)}:
                    self.by_name.setdefault(text, []).append(row)

    def _existing(self, row: _Row) -> Organization | None:
        code = row.values.get("code")
        if code in self.codes:
            found = self.known.get(self.codes[code])
            if found is None:
                row.refuse("code", _("这个组织编码已被其他党组织使用"))
            return found
        found = self.directory.find(row.name)
        same = [one for one in found if core(one.name) == core(row.name)]
        if len(same) != 1:
            # The name alone does not say it; without its places it has to stand in the same place.
            bare = self.directory.bare(row.name)
            above = {one.pk for one in self.directory.find(row.texts.text("parent"))}
            same = [
                one
                for one in same or found
                if self.directory.bare(one.name) == bare and one.parent_id in above
            ]
        return same[0] if len(same) == 1 else None

    def _find_parent(self, row: _Row) -> None:
        text = row.texts.text("parent")
        if not row.name:
            return
        if not text:
            row.parent = self.known.get(row.existing.parent_id) if row.existing else None
            return
        in_sheet = self._rows_named(text)
        found = self.directory.find(text)
        is_certain = any(core(text) == core(one.name) for one in found)
        if len(found) == 1 and (is_certain or not in_sheet):
            row.parent = found[0]
        elif len(in_sheet) == 1 and in_sheet[0] is not row:
            row.row_parent = in_sheet[0]
        elif len(found) > 1 or len(in_sheet) > 1:
            row.refuse("parent", _("对应几个党组织，请写全称"))
        elif in_sheet:
            row.refuse("parent", _("上级党组织是它自己"))
        elif self.scope is None and is_county(text) and not is_county(row.name):
            row.plan.added = self.counties.setdefault(core(text), cells.word(text))
        elif near := self.directory.nearest(text):
            row.refuse(
                "parent", _("没有这个党组织；相近的有：%(names)s") % {"names": "、".join(near)}
            )
        else:
            row.refuse("parent", _("系统里和表里都没有这个党组织"))

    def _rows_named(self, text: str) -> list[_Row]:
        for name in (fold(text), core(text), self.directory.bare(text)):
            if found := self.by_name.get(name):
                return list({id(row): row for row in found}.values())
        return []

    # Where it stands and what becomes of it

    def _place(self, row: _Row, below: tuple[int, ...]) -> OrganizationKind | None:
        """Settle kind and parent of a row, its parent's first; return the kind."""
        if row.is_settled:
            return row.kind
        if id(row) in below:
            row.refuse("parent", _("上下级互相隶属"))
            return None
        above = self._kind_above(row, (*below, id(row)))
        if row.row_parent and row.row_parent.plan.issues:
            parent = row.row_parent.plan.row
            if not row.plan.issues:
                row.refuse(
                    "parent", _("上级党组织（第%(row)d行）不予导入") % {"row": parent.number}
                )
        row.is_settled = True
        row.kind = kind = self._kind(row, above)
        if kind and row.existing:
            self._compare(row, kind)
        elif kind and not row.plan.issues:
            self._begin(row, kind, above)
        return kind

    def _kind_above(self, row: _Row, below: tuple[int, ...]) -> OrganizationKind | None:
        if row.row_parent:
            return self._place(row.row_parent, below)
        if row.plan.added:
            return COUNTY
        return OrganizationKind(row.parent.kind) if row.parent else None

    def _kind(self, row: _Row, above: OrganizationKind | None) -> OrganizationKind | None:
        word = row.kind_word or ending(row.name)
        if row.existing and not row.kind_word:
            return OrganizationKind(row.existing.kind)
        if word == "党支部":
            return BRANCH
        if word == "党总支":
            return GENERAL_BRANCH
        if word == SECOND_COMMITTEE or (word == "党委" and above in {TOWNSHIP, GENERAL_BRANCH}):
            row.plan.hints.append(_("乡镇以下的党委按党总支管理"))
            return GENERAL_BRANCH
        if word == "党委":
            return COUNTY if above is None and is_county(row.name) else TOWNSHIP
        if not any(issue.value == row.texts.text("kind") for issue in row.plan.issues):
            row.refuse("kind", _("缺少组织类别"))
        return None

    def _begin(self, row: _Row, kind: OrganizationKind, above: OrganizationKind | None) -> None:
        plan = row.plan
        if above is None and kind not in {COUNTY, TOWNSHIP}:
            row.refuse("parent", _("缺少上级党组织"))
        elif not rules.may_stand_below(kind, above):
            row.refuse(
                "parent",
                _("%(kind)s不能设在%(above)s之下")
                % {"kind": kind.label, "above": above.label if above else _("最上级")},
            )
        elif self.scope and not self._is_within(row):
            row.refuse("parent", _("不在%(name)s范围内") % {"name": self.scope})
        elif row.parent and row.parent.dissolved_on:
            row.refuse("parent", _("上级党组织已撤销"))
        if plan.issues:
            return
        short_name = row.values.get("short_name") or self.directory.bare(row.name)
        plan.fields = row.values | {
            "short_name": short_name[:50],
            "kind": kind,
            "parent": row.parent,
        }

    def _is_within(self, row: _Row) -> bool:
        if row.row_parent:
            parent = row.row_parent
            return parent.existing is None or parent.existing.path.startswith(self.scope.path)
        return bool(row.parent) and row.parent.path.startswith(self.scope.path)

    def _compare(self, row: _Row, kind: OrganizationKind) -> None:
        plan, known = row.plan, row.existing
        plan.target = known.pk
        if self.scope and not known.path.startswith(self.scope.path):
            row.refuse("name", _("不在%(name)s范围内") % {"name": self.scope})
        if kind != known.kind:
            row.refuse(
                "kind",
                _("现为%(kind)s，组织类别不能通过导入更改") % {"kind": known.get_kind_display()},
            )
        named = row.texts.text("parent")
        meant = row.row_parent.existing if row.row_parent else row.parent
        if named and (plan.added or meant is None or meant.pk != known.parent_id):
            plan.added = ""
            present = self.known.get(known.parent_id)
            row.refuse(
                "parent",
                _("现隶属%(parent)s；调整隶属关系请在党组织页面办理")
                % {"parent": present.name if present else _("（无）")},
            )
        for field in ("code", "name", "short_name", "branch_type", "established_on", "note"):
            new, old = row.values.get(field), getattr(known, field)
            if new is None or new == old or (field == "name" and core(new) == core(old)):
                continue
            if field == "established_on" and row.is_month and old and _same_month(old, new):
                continue
            plan.fields[field] = new
            label = str(Organization._meta.get_field(field).verbose_name)
            plan.changes.append(Change(label, _shown(field, old), _shown(field, new)))


def _kind_word(text: str) -> str:
    """Return 党委, 二级党委, 党总支 or 党支部 for what the cell says, a provincial code included."""
    packed = fold(text)
    if match := re.match(r"\d{3}", packed):
        if word := KIND_CODES.get(match.group()):
            return word
        raise ValueError(_("不认识的组织类别编码"))
    if "总支" in packed:
        return "党总支"
    if "支部" in packed:
        return "党支部"
    if "二级" in packed and "党委" in packed:
        return SECOND_COMMITTEE
    if "委" in packed:
        return "党委"
    raise ValueError(_("请填党委、党总支或党支部"))


def _branch_type(text: str) -> str:
    packed = fold(text)
    for kind, words in _BRANCH_TYPES:
        if any(word in packed for word in words):
            return kind.value
    raise ValueError(
        _("请填其中之一：%(types)s")
        % {"types": "、".join(str(label) for label in BranchType.labels)}
    )


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _shown(field: str, value: Any) -> str:
    if not value:
        return ""
    if field == "branch_type":
        return str(BranchType(value).label)
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
