from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from branches.models import (
    DutyKind,
    Exemption,
    ExemptionKind,
    Member,
    MembershipEnd,
)
from branches.services import members as services
from notifications.models import Notice
from tests import factories

TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.django_db


def refused(verb, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as caught:
        verb(*args, **kwargs)
    return "".join(caught.value.messages)


def new_member(branch, **fields):
    values = {
        "name": "单小芳",
        "born_on": date(1990, 1, 1),
        "joined_on": date(2015, 7, 1),
        "full_on": date(2016, 7, 1),
    }
    return Member(branch=branch, **(values | fields))


def test_a_new_member_belongs_from_the_given_day():
    branch = factories.branch()
    group = factories.group(branch)
    member = services.create_member(new_member(branch, group=group), on=TODAY)
    period = member.memberships.get()
    assert member.initials == "sxf"
    assert (period.branch, period.group, period.from_on, period.to_on) == (
        branch,
        group,
        TODAY,
        None,
    )


def test_a_new_member_is_refused_with_a_sentence():
    branch = factories.branch()
    services.create_member(new_member(branch), on=TODAY)
    foreign = factories.group(factories.branch())
    create = services.create_member
    assert "同名" in refused(create, new_member(branch), on=TODAY)
    assert "入党日期" in refused(create, new_member(branch, name="乙"), on=date(2015, 6, 30))
    assert "党小组" in refused(create, new_member(branch, name="乙", group=foreign), on=TODAY)
    assert "党支部" in refused(create, new_member(branch.township), on=TODAY)
    assert "不能早于" in refused(
        create, new_member(branch, name="乙", full_on=date(2014, 1, 1)), on=TODAY
    )


def test_a_transfer_keeps_history_ends_posts_and_tells_the_secretaries():
    here, there = factories.branch(), factories.branch()
    staff = factories.person(DutyKind.STAFF, here.township)
    factories.person(DutyKind.SECRETARY, here)
    factories.person(DutyKind.SECRETARY, there)
    group = factories.group(here)
    member = factories.member(here, group=group)
    group.leader = member
    group.save()
    post = factories.post(member)

    services.transfer_member(
        member, there, on=TODAY, by=staff, at=factories.NOON, note="因工作调动"
    )

    member.refresh_from_db()
    post.refresh_from_db()
    group.refresh_from_db()
    before, after = member.memberships.all()
    assert (member.branch, member.group, member.left_on) == (there, None, None)
    assert (before.branch, before.to_on, before.end_reason) == (here, TODAY, "transfer")
    assert (after.branch, after.from_on, after.note) == (there, TODAY, "因工作调动")
    assert (post.to_on, group.leader) == (TODAY, None)
    assert Notice.objects.count() == 2
    assert not Notice.objects.filter(recipient=staff).exists()


def test_a_transfer_that_makes_no_sense_changes_nothing():
    here, there = factories.branch(), factories.branch()
    there.dissolved_on = date(2026, 1, 1)
    there.save()
    staff = factories.person(DutyKind.STAFF, here.township)
    member = factories.member(here, from_on=date(2020, 1, 1))
    how = {"by": staff, "at": factories.NOON}

    transfer = services.transfer_member
    assert "已在" in refused(transfer, member, here, on=TODAY, **how)
    assert "现有的党支部" in refused(transfer, member, there, on=TODAY, **how)
    assert "应晚于" in refused(transfer, member, factories.branch(), on=date(2020, 1, 1), **how)
    twin = factories.branch()
    factories.member(twin, member.name)
    assert "同名" in refused(transfer, member, twin, on=TODAY, **how)
    member.refresh_from_db()
    assert (member.branch, member.memberships.count()) == (here, 1)
    assert member.memberships.get().to_on is None


def test_regrouping_keeps_the_old_group_for_past_meetings():
    branch = factories.branch()
    old, new = factories.group(branch), factories.group(branch, "第二党小组")
    member = factories.member(branch, group=old)

    assert services.regroup_member(member, old, on=TODAY) is False
    assert services.regroup_member(member, new, on=TODAY) is True

    assert [(p.group, p.to_on) for p in member.memberships.all()] == [(old, TODAY), (new, None)]
    member.refresh_from_db()
    assert member.group == new


def test_leaving_and_coming_back_is_the_same_person():
    branch, other = factories.branch(), factories.branch()
    member = factories.member(branch)
    post = factories.post(member)

    services.end_membership(member, MembershipEnd.TRANSFER, on=TODAY, note="转往池州")
    member.refresh_from_db()
    post.refresh_from_db()
    assert (member.left_on, post.to_on) == (TODAY, TODAY)
    assert member.memberships.get().end_reason == "transfer"
    assert "已不在册" in refused(
        services.end_membership, member, MembershipEnd.OTHER, on=date(2026, 12, 1)
    )

    assert "不能早于" in refused(services.return_member, member, other, on=date(2026, 11, 1))
    services.return_member(member, other, on=date(2026, 12, 1))
    member.refresh_from_db()
    assert (member.branch, member.left_on, member.memberships.count()) == (other, None, 2)
    assert "仍在册" in refused(services.return_member, member, branch, on=date(2027, 1, 1))


def test_changed_names_change_their_letters():
    member = factories.member(factories.branch())
    member.name = "解国强"
    services.update_member(member)
    member.refresh_from_db()
    assert member.initials == "xgq"


def test_one_kind_of_exemption_does_not_run_twice_at_once():
    member = factories.member(factories.branch())

    def row(from_on, to_on=None, kind=ExemptionKind.OLD_OR_ILL):
        return Exemption(member=member, kind=kind, from_on=from_on, to_on=to_on)

    services.add_exemption(row(date(2026, 1, 1), date(2026, 6, 1)))
    services.add_exemption(row(date(2026, 6, 1), date(2026, 9, 1)))
    services.add_exemption(row(date(2026, 3, 1), kind=ExemptionKind.AWAY))
    services.add_exemption(row(date(2025, 1, 1), date(2026, 1, 1)))
    assert "同一情形" in refused(services.add_exemption, row(date(2025, 12, 1)))
    assert "同一情形" in refused(services.add_exemption, row(date(2026, 8, 1), date(2026, 12, 1)))
    assert "不能早于" in refused(services.add_exemption, row(date(2027, 1, 2), date(2027, 1, 1)))


def test_ending_an_exemption_is_done_once():
    exemption = Exemption.objects.create(
        member=factories.member(factories.branch()),
        kind=ExemptionKind.OLD_OR_ILL,
        from_on=date(2026, 1, 1),
    )
    assert "不能早于" in refused(services.end_exemption, exemption, on=date(2025, 1, 1))
    assert services.end_exemption(exemption, on=TODAY) is True
    assert services.end_exemption(exemption, on=TODAY) is False


def test_taking_phone_numbers_out_leaves_a_line_with_its_reason():
    township = factories.township()
    staff = factories.person(DutyKind.STAFF, township)
    services.log_phone_export(township, reason="防汛通知", row_count=3, by=staff, at=factories.NOON)
    line = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert (line.actor, line.timestamp) == (staff, factories.NOON)
    assert line.additional_data["reason"] == "防汛通知"
