"""What each row of a roster would do. Reads the database in a constant number of statements.

A member is known by branch, name and day of birth: identity numbers are not read. An empty cell
never erases what is known; who stands in another branch is transferred by people, not by a list.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from branches.models import Member, Organization, PartyGroup
from branches.roster import cells
from branches.roster.directory import Directory, within_reach
from branches.roster.member_row import PLAIN_FIELDS, MemberRow
from branches.roster.outcome import Change, Plan
from branches.roster.reading import SourceRow

# From the ninth to the eleventh congress the constitution knew no probationary period.
WITHOUT_PROBATION = (date(1969, 4, 24), date(1977, 8, 18))
LOADED = (
    "pk",
    "name",
    "born_on",
    "joined_on",
    "full_on",
    "phone",
    *PLAIN_FIELDS,
    "branch_id",
    "group_id",
    "left_on",
)
Known = dict[str, Any]


def plan_members(
    rows: Iterable[SourceRow], *, organization: Organization | None, today: date
) -> list[Plan]:
    """Judge every row; only branches within `organization` (or all, when None) can be meant."""
    directory = Directory(within_reach(organization))
    home = organization if organization and organization.is_branch else None
    sheet = [MemberRow(row, directory, home, today) for row in rows]
    roster = _Roster({row.branch for row in sheet if row.branch})
    return [roster.judge(row) for row in sheet]


class _Roster:
    """Who is known in the townships of the sheet's branches; judges row after row against it."""

    def __init__(self, branches: set[Organization]) -> None:
        townships = {branch.township_id for branch in branches if branch.township_id}
        loose = [branch.pk for branch in branches if not branch.township_id]
        nearby = Q(branch__township__in=townships) | Q(branch__in=loose)
        self.in_branch: dict[tuple, list[Known]] = defaultdict(list)
        self.in_township: dict[tuple, list[Known]] = defaultdict(list)
        self.branch_names: dict[int, str] = {}
        rows = Member.objects.filter(nearby).order_by("left_on", "pk")
        for known in rows.values(*LOADED, "branch__short_name", "branch__township_id"):
            self.in_branch[known["branch_id"], known["name"]].append(known)
            person = known["branch__township_id"], known["name"], known["born_on"]
            self.in_township[person].append(known)
        self.groups = {
            (group.branch_id, group.name): group
            for group in PartyGroup.objects.filter(nearby).order_by("pk")
        }
        self.group_names = {group.pk: group.name for group in self.groups.values()}
        # Rows of this sheet that are taken already: by person, and by the member they mean.
        self.seen: dict[tuple, tuple[Organization, SourceRow]] = {}
        self.meant: dict[int, SourceRow] = {}
        self.announced: set[tuple] = set()

    def judge(self, row: MemberRow) -> Plan:
        plan, branch = row.plan, row.branch
        if row.name and branch:
            known = self._known(row, branch)
            if known:
                self._compare(row, known)
            elif not plan.issues:
                self._begin(row, branch)
            self._check_group(row, branch)
            if not plan.issues:
                self._take(row, branch)
        if plan.issues:
            order = {header: place for place, (header, _text) in enumerate(plan.row.cells)}
            plan.issues.sort(key=lambda issue: order.get(issue.column, len(order)))
        return plan

    # Who is meant

    def _known(self, row: MemberRow, branch: Organization) -> Known | None:
        """Return the member that the row means; refuse where it could be somebody else's row."""
        if self._is_repeated(row, branch):
            return None
        pool = self.in_branch.get((branch.pk, row.name), [])
        found = _same_birth([one for one in pool if not one["left_on"]], row)
        found = found or _same_birth(pool, row)
        if len(found) > 1:
            row.refuse(
                "name",
                _("该支部有%(count)d名同名党员，请补充出生日期") % {"count": len(found)},
            )
            return None
        if found:
            known = found[0]
            if known["left_on"]:
                row.refuse(
                    "name",
                    _("该党员已于%(day)s离开；如已转回，请在党员页面办理")
                    % {"day": f"{known['left_on']:%Y-%m-%d}"},
                )
                return None
            if known["pk"] in self.meant:
                row.refuse("name", _("与%(row)s重复") % {"row": _label(self.meant[known["pk"]])})
                return None
            return known
        self._check_elsewhere(row, branch)
        return None

    def _is_repeated(self, row: MemberRow, branch: Organization) -> bool:
        born = row.values.get("born_on")
        before = self.seen.get(_person(row, branch))
        if before is None:
            return False
        other, source = before
        if other == branch:
            reason = _("与%(row)s重复") if born else _("与%(row)s同名，请补充出生日期")
            row.refuse("name", reason % {"row": _label(source)})
            return True
        row.refuse(
            "branch",
            _("与%(row)s是同一人（%(branch)s）；一名党员只能隶属一个党支部")
            % {"row": _label(source), "branch": other},
        )
        return True

    def _check_elsewhere(self, row: MemberRow, branch: Organization) -> None:
        born = row.values.get("born_on")
        if not born:
            return
        for known in self.in_township.get((branch.township_id, row.name, born), []):
            if known["branch_id"] == branch.pk:
                continue
            if known["left_on"]:
                reason = _("曾在%(branch)s，于%(day)s离开；请在党员页面办理转入") % {
                    "branch": known["branch__short_name"],
                    "day": f"{known['left_on']:%Y-%m-%d}",
                }
            else:
                reason = _("疑似转移组织关系：现在%(branch)s，请在党员页面办理转接") % {
                    "branch": known["branch__short_name"]
                }
            row.refuse("branch", reason)
            return

    def _take(self, row: MemberRow, branch: Organization) -> None:
        plan = row.plan
        self.seen[_person(row, branch)] = branch, plan.row
        if plan.target:
            self.meant[plan.target] = plan.row
        group = branch.pk, plan.fields.get("group")
        if group[1] and group not in self.groups and group not in self.announced:
            self.announced.add(group)
            plan.added = group[1]

    # What becomes of it

    def _begin(self, row: MemberRow, branch: Organization) -> None:
        """Judge a new member."""
        full = self._full_on(
            row, row.values.get("full_on"), joined=row.values["joined_on"], known=None
        )
        if not row.values.get("born_on"):
            row.hint(_("没有出生日期，重名时将无法区分"))
        row.plan.fields = row.values | {
            "name": row.name,
            "branch": branch,
            "full_on": full,
            "group": row.group,
        }

    def _full_on(
        self, row: MemberRow, full: date | None, *, joined: date, known: date | None
    ) -> date | None:
        """Return the day of 转正 to write, from status and sheet; None leaves what is known."""
        if row.status == cells.PROBATIONARY:
            if full and full > row.today:
                row.hint(_("转正日期还没有到，不导入；转正后再更新"))
                full = None
            if full:
                row.refuse("full_on", _("预备党员不应有转正日期；已转正的，人员类别请填正式党员"))
            elif known:
                row.refuse("status", _("系统里已于%(day)s转正") % {"day": f"{known:%Y-%m-%d}"})
            return None
        if row.status == cells.FULL:
            if full and full > row.today:
                row.refuse("full_on", _("转正日期在将来"))
            elif full is None and known is None:
                if not WITHOUT_PROBATION[0] <= joined <= WITHOUT_PROBATION[1]:
                    row.refuse("full_on", _("正式党员缺少转正日期"))
                    return None
                row.hint(_("入党时没有预备期，转正日期按入党日期导入"))
                return joined
        return full

    def _compare(self, row: MemberRow, known: Known) -> None:
        """Judge a row about a member on the roster: what differs is changed, nothing is erased."""
        plan, values = row.plan, dict(row.values)
        plan.target = known["pk"]
        for field in ("born_on", "joined_on", "full_on"):
            if field in row.months and _same_month(values.get(field), known[field]):
                values[field] = known[field]
        full = self._full_on(
            row,
            values.pop("full_on", None),
            joined=values.get("joined_on", known["joined_on"]),
            known=known["full_on"],
        )
        if full:
            values["full_on"] = full
        self._check_together(row, known | values)
        for field, value in values.items():
            if value != known[field]:
                self._change(plan, field, known[field], value)
        present = self.group_names.get(known["group_id"], "")
        if row.group and row.group != present:
            plan.fields["group"] = row.group
            plan.changes.append(Change(_("党小组"), present, row.group))

    def _check_together(self, row: MemberRow, merged: Known) -> None:
        """Hold what the database holds, now that the sheet and the roster are laid together."""
        if row.plan.issues:
            return
        joined, full, born = merged["joined_on"], merged["full_on"], merged["born_on"]
        if full and full < joined:
            row.refuse(
                "joined_on",
                _("晚于系统里的转正日期（%(day)s）") % {"day": f"{full:%Y-%m-%d}"},
            )
        elif born and joined <= born:
            row.refuse("joined_on", _("早于出生日期（%(day)s）") % {"day": f"{born:%Y-%m-%d}"})

    def _change(self, plan: Plan, field: str, old: Any, new: Any) -> None:
        plan.fields[field] = new
        label = str(Member._meta.get_field(field).verbose_name)
        plan.changes.append(Change(label, _shown(field, old), _shown(field, new)))

    def _check_group(self, row: MemberRow, branch: Organization) -> None:
        group = self.groups.get((branch.pk, row.group)) if row.group else None
        if group and group.dissolved_on and group.dissolved_on <= row.today:
            row.refuse(
                "group", _("该党小组已于%(day)s撤销") % {"day": f"{group.dissolved_on:%Y-%m-%d}"}
            )


def _person(row: MemberRow, branch: Organization) -> tuple:
    """Return what tells people of one sheet apart; without a day of birth only in their branch."""
    born = row.values.get("born_on")
    return (branch.township_id, row.name, born) if born else (branch.pk, row.name)


def _same_birth(pool: list[Known], row: MemberRow) -> list[Known]:
    """Keep those of the same name who may be meant: same day, same month, or a day unknown."""
    born = row.values.get("born_on")
    if born is None:
        return pool
    if "born_on" in row.months:
        same = [known for known in pool if _same_month(born, known["born_on"])]
    else:
        same = [known for known in pool if known["born_on"] == born]
    return same or [known for known in pool if known["born_on"] is None]


def _same_month(one: date | None, other: date | None) -> bool:
    return bool(one and other) and (one.year, one.month) == (other.year, other.month)


def _label(row: SourceRow) -> str:
    if row.sheet:
        return _("工作表“%(sheet)s”第%(row)d行") % {"sheet": row.sheet, "row": row.number}
    return _("第%(row)d行") % {"row": row.number}


def _shown(field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field == "sex":
        return str(dict(Member._meta.get_field("sex").choices)[value])
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
