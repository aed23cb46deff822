"""Changes to members: where they belong from when, what excuses them.

`Member.branch`, `.group` and `.left_on` say what the open membership says; only this module and
the importer write either. Every refusal is a ValidationError with a Chinese sentence.
"""

from datetime import date, datetime

from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from branches import names
from branches.models import (
    Duty,
    DutyKind,
    Exemption,
    FloatingContact,
    Member,
    Membership,
    MembershipEnd,
    Organization,
    PartyGroup,
)
from branches.services.organizations import end_post
from config.language import in_source_script
from notifications.services import notify


@transaction.atomic
def create_member(member: Member, *, on: date) -> Member:
    """Put a new member on the roster of `member.branch` (and group) from a day on."""
    _check_branch(member.branch, member.group)
    if on < member.joined_on:
        raise ValidationError({"on": _("不能早于入党日期。")})
    member.initials = names.initials(member.name)
    member.full_clean()
    member.save()
    Membership.objects.create(member=member, branch=member.branch, group=member.group, from_on=on)
    return member


@transaction.atomic
def update_member(member: Member) -> None:
    """Write changed particulars; branch and group change by the verbs below."""
    member.initials = names.initials(member.name)
    member.full_clean()
    member.save()


@transaction.atomic
def transfer_member(
    member: Member,
    to_branch: Organization,
    *,
    on: date,
    by: User,
    at: datetime,
    note: str = "",
) -> Membership:
    """Move a member to another branch from a day on; posts in the old branch end, both are told."""
    from_branch = member.branch
    if to_branch.pk == from_branch.pk:
        raise ValidationError({"to_branch": _("该党员已在这个支部。")})
    _check_branch(to_branch, None, field="to_branch")
    _close_period(member, MembershipEnd.TRANSFER, on=on, note=note)
    _end_posts(member, on=on)
    period = _open_period(member, to_branch, None, on=on, note=note)
    _tell_secretaries(period, from_branch, by=by, at=at)
    return period


@in_source_script
def _tell_secretaries(
    period: Membership, from_branch: Organization, *, by: User, at: datetime
) -> None:
    member, to_branch, on = period.member, period.branch, period.from_on
    keepers = User.objects.filter(
        is_active=True,
        pk__in=Duty.objects.in_force(on)
        .filter(kind=DutyKind.SECRETARY, organization__in=[from_branch, to_branch])
        .values("user"),
    ).exclude(pk=by.pk)
    notify(
        keepers,
        key=f"branches.transfer:{period.pk}",
        title=_("组织关系转接：%(name)s") % {"name": member},
        text=_("%(name)s同志自%(day)s起由%(old)s转入%(new)s。")
        % {"name": member, "day": f"{on:%Y-%m-%d}", "old": from_branch, "new": to_branch},
        url=to_branch.get_absolute_url(),
        at=at,
    )


@transaction.atomic
def regroup_member(member: Member, group: PartyGroup | None, *, on: date) -> bool:
    """Put a member into another group of the branch; return False if there is nothing to do."""
    if member.group_id == (group.pk if group else None):
        return False
    _check_branch(member.branch, group)
    _close_period(member, MembershipEnd.REGROUP, on=on)
    _open_period(member, member.branch, group, on=on)
    return True


@transaction.atomic
def end_membership(member: Member, reason: str, *, on: date, note: str = "") -> None:
    """Take a member off the roster from a day on: moved out of the township, deceased, left."""
    _close_period(member, reason, on=on, note=note)
    _end_posts(member, on=on)
    member.left_on = on
    member.save(update_fields=["left_on"])
    PartyGroup.objects.filter(leader=member).update(leader=None)
    member.keeps_contact_with.update(contact_person=None)


@transaction.atomic
def return_member(member: Member, to_branch: Organization, *, on: date, note: str = "") -> None:
    """Put somebody who had left back on a roster: the same person, with the history kept."""
    if member.left_on is None:
        raise ValidationError(_("该党员仍在册。"))
    _check_branch(to_branch, None, field="to_branch")
    last = member.memberships.order_by("-from_on").first()
    if last and last.to_on and on < last.to_on:
        raise ValidationError({"on": _("不能早于离开的日期。")})
    _open_period(member, to_branch, None, on=on, note=note)


def _check_branch(branch: Organization, group: PartyGroup | None, *, field: str = "branch") -> None:
    if not branch.is_branch or branch.dissolved_on:
        raise ValidationError({field: _("党员应编入现有的党支部。")})
    if group and (group.branch_id != branch.pk or group.dissolved_on):
        raise ValidationError({"group": _("请选择该支部现有的党小组。")})


def _close_period(member: Member, reason: str, *, on: date, note: str = "") -> None:
    """End the open membership the day before `on`; one that began that day or later is an error."""
    period = member.memberships.filter(to_on=None).first()
    if period is None:
        raise ValidationError(_("该党员已不在册。"))
    if on <= period.from_on:
        raise ValidationError(
            {
                "on": _("应晚于现组织关系的开始日期（%(day)s）。")
                % {"day": f"{period.from_on:%Y-%m-%d}"}
            }
        )
    period.to_on = on
    period.end_reason = reason
    period.note = note
    period.save(update_fields=["to_on", "end_reason", "note"])


def _open_period(
    member: Member, branch: Organization, group: PartyGroup | None, *, on: date, note: str = ""
) -> Membership:
    if member.branch_id != branch.pk:
        PartyGroup.objects.filter(leader=member).update(leader=None)
        member.contact_person = None
        member.keeps_contact_with.update(contact_person=None)
    member.branch = branch
    member.group = group
    member.left_on = None
    member.full_clean()
    member.save(update_fields=["branch", "group", "left_on", "contact_person"])
    return Membership.objects.create(
        member=member, branch=branch, group=group, from_on=on, note=note
    )


def _end_posts(member: Member, *, on: date) -> None:
    for post in member.posts.filter(to_on=None):
        end_post(post, on=max(on, post.from_on))


# --- Exemptions --------------------------------------------------------------------------------


@transaction.atomic
def add_exemption(exemption: Exemption) -> Exemption:
    """Write an exemption; one of the same kind may not run twice at the same time."""
    overlapping = Exemption.objects.filter(member=exemption.member, kind=exemption.kind)
    if exemption.to_on:
        overlapping = overlapping.filter(from_on__lt=exemption.to_on)
    if overlapping.exclude(to_on__lte=exemption.from_on).exists():
        raise ValidationError({"from_on": _("这段时间内已登记同一情形。")})
    exemption.full_clean()
    exemption.save()
    return exemption


@transaction.atomic
def end_exemption(exemption: Exemption, *, on: date) -> bool:
    """End an exemption from a day on; return False if it has an end already."""
    if exemption.to_on is not None:
        return False
    if on < exemption.from_on:
        raise ValidationError({"on": _("不能早于开始日期。")})
    exemption.to_on = on
    exemption.save(update_fields=["to_on"])
    return True


# --- Keeping in touch with floating members ----------------------------------------------------


@transaction.atomic
def note_contact(member: Member, *, on: date, by: User) -> bool:
    """Note that the branch was in touch with a floating member that day (党员教育管理工作条例
    art. 32 to 34); return False if that is noted already or the member is not away."""
    if not member.is_floating or member.contacts.filter(on=on).exists():
        return False
    FloatingContact.objects.create(member=member, on=on, by=by)
    return True


# --- Lists that leave the house ----------------------------------------------------------------


@in_source_script
def log_phone_export(
    organization: Organization, *, reason: str, row_count: int, by: User, at: datetime
) -> None:
    """Leave a line in the audit log: who took a list with whole phone numbers, and why."""
    LogEntry.objects.log_create(
        organization,
        action=LogEntry.Action.ACCESS,
        changes={},
        additional_data={
            "export": _("党员名册（完整手机号码）"),
            "reason": reason,
            "rows": row_count,
        },
        actor=by,
        timestamp=at,
    )
