"""Changes to the tree and to what hangs on it: groups, posts, terms, contact points.

Every refusal is a ValidationError with a Chinese sentence, at a field where there is one.
"""

import secrets
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from accounts.models import User
from branches import names, paths, permissions, rules
from branches.models import (
    ContactPoint,
    Duty,
    Member,
    Membership,
    MembershipEnd,
    Organization,
    OrganizationKind,
    PartyGroup,
    Post,
    PostRole,
    Term,
)
from config.language import in_source_script
from notifications.services import notify

# --- The tree ----------------------------------------------------------------------------------


@transaction.atomic
def create_organization(organization: Organization) -> Organization:
    """Put a new organization under its `parent`; give it a code where it came without one."""
    parent = organization.parent
    _check_place(organization, parent)
    organization.code = organization.code or _next_code(parent)
    organization.initials = names.letters(organization.short_name)
    # The path ends in the row's own number, which is known only once it is there.
    organization.path = f"new-{secrets.token_hex(8)}"
    organization.full_clean()
    organization.save()
    organization.path = paths.join(parent.path if parent else "", organization.pk)
    is_township = organization.kind == OrganizationKind.TOWNSHIP
    organization.township = organization if is_township else parent and parent.township
    organization.save(update_fields=["path", "township"])
    return organization


@transaction.atomic
def update_organization(organization: Organization) -> None:
    """Write changed particulars; the name's letters follow the name. Moving is another verb."""
    organization.initials = names.letters(organization.short_name)
    organization.full_clean()
    organization.save()


@transaction.atomic
def move_organization(organization: Organization, to_parent: Organization, *, by: User) -> bool:
    """Move an organization with everything below it; return False if it is there already.

    Who moves it keeps both ends, so that nobody pulls a branch out of a neighbour's township.
    """
    if organization.parent_id == to_parent.pk:
        return False
    if paths.contains(organization.path, to_parent.path):
        raise ValidationError({"parent": _("不能移到自己或自己的下级党组织之下。")})
    if not all(permissions.can_keep_organizations(by, end) for end in (organization, to_parent)):
        raise ValidationError({"parent": _("您不同时管理移出和移入的上级党组织，不能移动。")})
    _check_place(organization, to_parent)
    below = Organization.objects.within(organization)
    old_path, new_path = organization.path, paths.join(to_parent.path, organization.pk)
    organization.parent = to_parent
    if organization.kind != OrganizationKind.TOWNSHIP:
        organization.township = to_parent.township
    organization.full_clean(exclude=["path"])
    organization.save(update_fields=["parent", "township"])
    moved: dict[str, Any] = {"path": Concat(Value(new_path), Substr("path", len(old_path) + 1))}
    if organization.kind != OrganizationKind.TOWNSHIP:
        moved["township"] = to_parent.township_id
    below.update(**moved)
    organization.path = new_path
    return True


@transaction.atomic
def dissolve_organization(organization: Organization, *, on: date) -> None:
    """Dissolve an empty organization; its posts, contact points and branch duties end that day."""
    if Organization.objects.filter(parent=organization, dissolved_on=None).exists():
        raise ValidationError(_("还有下级党组织，请先撤销或移走。"))
    if Membership.objects.filter(branch=organization, to_on=None).exists():
        raise ValidationError(_("支部内还有党员，请先办理组织关系转接。"))
    organization.dissolved_on = on
    organization.full_clean()
    organization.save(update_fields=["dissolved_on"])
    for model, column in (
        (Post, "organization"),
        (ContactPoint, "branch"),
        (Duty, "organization"),
    ):
        for row in model.objects.filter(**{column: organization, "to_on": None}):
            row.to_on = max(on, row.from_on)
            row.save(update_fields=["to_on"])


def _check_place(organization: Organization, parent: Organization | None) -> None:
    if not rules.may_stand_below(organization.kind, parent.kind if parent else None):
        raise ValidationError(
            {
                "parent": _("%(kind)s不能设在所选的上级之下。")
                % {"kind": organization.get_kind_display()}
            }
        )
    if parent and parent.dissolved_on:
        raise ValidationError({"parent": _("所选的上级党组织已撤销。")})


def _next_code(parent: Organization | None) -> str:
    """Return the parent's code with the first running number that is free."""
    stem = parent.code if parent else ""
    taken = set(Organization.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, 10**6) if (code := f"{stem}{n:03d}") not in taken)


# --- Groups ------------------------------------------------------------------------------------


@transaction.atomic
def save_group(group: PartyGroup) -> None:
    """Write a new or changed group; its leader has to be one of its branch."""
    if group.leader and (group.leader.branch_id != group.branch_id or group.leader.left_on):
        raise ValidationError({"leader": _("组长应是本支部党员。")})
    group.full_clean()
    group.save()


@transaction.atomic
def dissolve_group(group: PartyGroup, *, on: date) -> None:
    """Dissolve a group; its members stay in the branch, from that day on in no group."""
    group.dissolved_on = on
    group.full_clean()
    group.save(update_fields=["dissolved_on"])
    open_periods = Membership.objects.filter(group=group, to_on=None)
    if open_periods.filter(from_on__gt=on).exists():
        raise ValidationError({"on": _("有党员在此日之后才编入该党小组，请改选日期。")})
    moved = list(open_periods.values_list("member", flat=True))
    open_periods.update(to_on=on, end_reason=MembershipEnd.REGROUP)
    Membership.objects.bulk_create(
        Membership(member_id=member, branch_id=group.branch_id, from_on=on) for member in moved
    )
    Member.objects.filter(group=group, left_on=None).update(group=None)


# --- Posts -------------------------------------------------------------------------------------


@transaction.atomic
def appoint(organization: Organization, member: Member, role: str, *, on: date) -> Post:
    """Give a member a post from a day on; a new secretary ends the term of the one before."""
    if member.left_on or not paths.contains(organization.path, member.branch.path):
        raise ValidationError({"member": _("应从本党组织的党员中选择。")})
    if not rules.is_full(member.full_on, on):
        raise ValidationError({"member": _("预备党员没有被选举权，不能任职。")})
    if role == PostRole.SECRETARY:
        for post in Post.objects.filter(organization=organization, role=role, to_on=None):
            if post.member_id != member.pk:
                _check_order(post, on)
                end_post(post, on=on)
    post = Post(organization=organization, member=member, role=role, from_on=on)
    post.full_clean()
    post.save()
    return post


def _check_order(present: Post, on: date) -> None:
    if on < present.from_on:
        raise ValidationError(
            {
                "on": _("现任书记%(name)s自%(day)s起任职，新任日期不能更早。")
                % {"name": present.member, "day": f"{present.from_on:%Y-%m-%d}"}
            }
        )


@transaction.atomic
def end_post(post: Post, *, on: date) -> bool:
    """End a post on a day; return False if it has ended already."""
    return _end(post, on=on)


def _end(row: Post | ContactPoint, *, on: date) -> bool:
    if row.to_on is not None:
        return False
    if on < row.from_on:
        raise ValidationError(
            {"on": _("不能早于开始日期（%(day)s）。") % {"day": f"{row.from_on:%Y-%m-%d}"}}
        )
    row.to_on = on
    row.save(update_fields=["to_on"])
    return True


# --- Terms -------------------------------------------------------------------------------------


@transaction.atomic
def open_term(
    organization: Organization, *, starts_on: date, ends_on: date | None, note: str = ""
) -> Term:
    """Open the term that an election began; without an end it lasts as long as art. 21 says.

    A term that was still running ends the day the new one starts: an election held early.
    """
    running = Term.objects.filter(organization=organization, ends_on__gt=starts_on)
    for before in running:
        if before.starts_on >= starts_on:
            raise ValidationError({"starts_on": _("已有在此日或之后开始的届期。")})
        before.ends_on = starts_on
        before.save(update_fields=["ends_on"])
    term = Term(
        organization=organization,
        starts_on=starts_on,
        ends_on=ends_on or rules.term_end(starts_on, organization.term_years),
        extension_note=note,
    )
    term.full_clean()
    term.save()
    return term


@transaction.atomic
def extend_term(term: Term, *, ends_on: date, note: str) -> None:
    """Extend a term with the approval named in `note`; as a rule by not more than a year."""
    if ends_on <= term.ends_on:
        raise ValidationError({"ends_on": _("延期后的届满日期应晚于原届满日期。")})
    full = rules.term_end(term.starts_on, term.organization.term_years)
    latest = rules.add_months(full, rules.TERM_EXTENSION_MONTHS)
    if ends_on > latest:
        raise ValidationError(
            {"ends_on": _("延期一般不超过1年，最迟到%(day)s。") % {"day": f"{latest:%Y-%m-%d}"}}
        )
    term.ends_on = ends_on
    term.extension_note = note
    term.full_clean()
    term.save()


# --- Contact points ----------------------------------------------------------------------------


@transaction.atomic
def link_leader(
    branch: Organization, leader: User, *, on: date, by: User, at: datetime
) -> ContactPoint:
    """Make a branch a leader's contact point (联系点) from a day on, and tell the leader."""
    if not branch.is_branch:
        raise ValidationError(_("联系点应是党支部。"))
    point = ContactPoint(leader=leader, branch=branch, from_on=on)
    point.full_clean()
    point.save()
    if leader != by:
        _tell_leader(point, at=at)
    return point


@in_source_script
def _tell_leader(point: ContactPoint, *, at: datetime) -> None:
    branch = point.branch
    notify(
        [point.leader],
        key=f"branches.contact_point:{point.pk}",
        title=_("您的联系点：%(branch)s") % {"branch": branch},
        text=_("自%(day)s起，您联系%(branch)s。")
        % {"branch": branch, "day": f"{point.from_on:%Y-%m-%d}"},
        url=branch.get_absolute_url(),
        at=at,
    )


@transaction.atomic
def unlink_leader(point: ContactPoint, *, on: date) -> bool:
    """End a contact point on a day; return False if it has ended already."""
    return _end(point, on=on)
