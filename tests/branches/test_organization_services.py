from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import (
    BranchType,
    ContactPoint,
    Duty,
    DutyKind,
    Member,
    Membership,
    Organization,
    OrganizationKind,
    Post,
    PostRole,
    Term,
)
from branches.services import organizations as services
from notifications.models import Notice
from tests import factories

TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.django_db


def refused(verb, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as caught:
        verb(*args, **kwargs)
    return "".join(caught.value.messages)


def new_branch(parent, name="上峰村第二党支部"):
    return services.create_organization(
        Organization(
            parent=parent,
            kind=OrganizationKind.BRANCH,
            branch_type=BranchType.VILLAGE,
            name=f"中共{name}",
            short_name=name,
        )
    )


def test_a_new_branch_gets_path_township_code_and_initials():
    township = factories.township()
    general = factories.organization(kind=OrganizationKind.GENERAL_BRANCH, parent=township)

    first, second = new_branch(general), new_branch(general, "上峰村第三党支部")

    first.refresh_from_db()
    assert first.path == general.path + f"{first.pk:08x}"
    assert first.township == township
    assert first.initials == "sfcdedzb"
    assert (first.code, second.code) == (f"{general.code}001", f"{general.code}002")


def test_a_branch_cannot_stand_below_a_branch_nor_twice_under_one_name():
    branch = factories.branch()
    assert "不能设在" in refused(new_branch, branch)
    township = branch.township
    new_branch(township)
    assert "同名" in refused(new_branch, township)


def test_moving_takes_everything_below_along():
    township = factories.township()
    staff = factories.person(DutyKind.STAFF, township)
    general = factories.organization(kind=OrganizationKind.GENERAL_BRANCH, parent=township)
    branch = factories.branch(parent=general)
    old_path = general.path

    assert services.move_organization(branch, township, by=staff)
    assert services.move_organization(branch, township, by=staff) is False
    branch.refresh_from_db()
    assert branch.path == township.path + f"{branch.pk:08x}"
    assert list(Organization.objects.within(general)) == [general]

    other = factories.township("木镇镇党委")
    factories.person(DutyKind.STAFF, other)
    Duty.objects.create(user=staff, kind=DutyKind.STAFF, organization=other, from_on=TODAY)
    del staff.duties_today
    services.move_organization(branch, general, by=staff)
    services.move_organization(general, other, by=staff)
    branch.refresh_from_db()
    general.refresh_from_db()
    assert general.path != old_path
    assert branch.path == general.path + f"{branch.pk:08x}"
    assert branch.township == general.township == other


def test_a_move_refuses_cycles_and_townships_that_are_not_the_movers():
    township = factories.township()
    staff = factories.person(DutyKind.STAFF, township)
    general = factories.organization(kind=OrganizationKind.GENERAL_BRANCH, parent=township)
    other = factories.township("木镇镇党委")

    assert "自己" in refused(services.move_organization, general, general, by=staff)
    assert "不同时管理" in refused(services.move_organization, general, other, by=staff)
    foreign_staff = factories.person(DutyKind.STAFF, other)
    assert "不同时管理" in refused(services.move_organization, general, other, by=foreign_staff)
    assert "自己" in refused(
        services.move_organization, township, general, by=factories.person("staff", other)
    )


def test_a_moved_township_keeps_being_the_township_of_its_branches():
    branch = factories.branch()
    township = branch.township
    county = factories.county("贵池区委")
    staff = factories.person(DutyKind.STAFF, county)
    Duty.objects.create(
        user=staff, kind=DutyKind.STAFF, organization=township.parent, from_on=TODAY
    )
    services.move_organization(township, county, by=staff)
    branch.refresh_from_db()
    assert branch.township == township
    assert branch.path.startswith(county.path)


def test_only_an_empty_organization_is_dissolved_and_its_offices_end():
    general = factories.organization(
        kind=OrganizationKind.GENERAL_BRANCH, parent=factories.township()
    )
    branch = factories.branch(parent=general)
    member = factories.member(branch)
    secretary = factories.person(DutyKind.SECRETARY, branch)
    leader = factories.person(DutyKind.LEADER, branch.township)
    factories.contact_point(leader, branch)
    factories.post(member)

    assert "下级" in refused(services.dissolve_organization, general, on=TODAY)
    assert "还有党员" in refused(services.dissolve_organization, branch, on=TODAY)
    Membership.objects.update(to_on=TODAY)
    services.dissolve_organization(branch, on=TODAY)

    assert Organization.objects.existing(TODAY).filter(pk=branch.pk).exists() is False
    assert Post.objects.get().to_on == TODAY
    assert ContactPoint.objects.get().to_on == TODAY
    assert secretary.duties.get().to_on == TODAY
    assert leader.duties.get().to_on is None


def test_dissolving_a_group_keeps_its_members_in_the_branch():
    branch = factories.branch()
    group = factories.group(branch)
    member = factories.member(branch, group=group)

    services.dissolve_group(group, on=TODAY)

    member.refresh_from_db()
    assert member.group is None
    before, after = member.memberships.all()
    assert (before.group, before.to_on, before.end_reason) == (group, TODAY, "regroup")
    assert (after.group, after.branch, after.from_on, after.to_on) == (None, branch, TODAY, None)


def test_a_group_is_led_by_a_member_of_its_branch():
    branch = factories.branch()
    group = factories.group(branch)
    group.leader = factories.member(factories.branch())
    assert "组长" in refused(services.save_group, group)
    group.leader = factories.member(branch)
    services.save_group(group)


def test_a_new_secretary_ends_the_one_before_on_the_same_day():
    branch = factories.branch()
    old, new = factories.members(branch, 2)
    factories.post(old, from_on=date(2021, 3, 1))

    assert "不能更早" in refused(
        services.appoint, branch, new, PostRole.SECRETARY, on=date(2021, 2, 1)
    )
    services.appoint(branch, new, PostRole.SECRETARY, on=TODAY)

    assert Post.objects.get(member=old).to_on == TODAY
    assert list(Post.objects.in_force(TODAY).values_list("member", flat=True)) == [new.pk]


def test_posts_go_to_full_members_of_the_organization_once():
    branch = factories.branch()
    stranger = factories.member(factories.branch())
    probationary = factories.member(branch, joined_on=date(2026, 7, 1), full_on=None)
    member = factories.member(branch)

    for who, word in ((stranger, "本党组织"), (probationary, "预备党员")):
        assert word in refused(services.appoint, branch, who, PostRole.DEPUTY, on=TODAY)
    services.appoint(branch, member, PostRole.PUBLICITY, on=TODAY)
    assert "已任此职务" in refused(services.appoint, branch, member, PostRole.PUBLICITY, on=TODAY)
    services.appoint(branch.township, member, PostRole.COMMITTEE, on=TODAY)


def test_ending_a_post_is_done_once():
    post = factories.post(factories.member(factories.branch()))
    assert services.end_post(post, on=TODAY) is True
    assert services.end_post(post, on=TODAY) is False
    assert "不能早于" in refused(
        services.end_post, factories.post(post.member), on=date(2001, 1, 1)
    )


@pytest.mark.parametrize(
    ("branch_type", "ends_on"),
    [(BranchType.VILLAGE, date(2031, 3, 1)), (BranchType.OFFICE, date(2029, 3, 1))],
)
def test_a_term_lasts_as_long_as_the_type_of_branch_says(branch_type, ends_on):
    branch = factories.branch(branch_type=branch_type)
    term = services.open_term(branch, starts_on=date(2026, 3, 1), ends_on=None)
    assert term.ends_on == ends_on


def test_an_early_election_ends_the_running_term():
    branch = factories.branch()
    services.open_term(branch, starts_on=date(2022, 3, 1), ends_on=None)
    services.open_term(branch, starts_on=date(2026, 3, 1), ends_on=None, note="杜党〔2026〕3号")
    assert [(t.starts_on.year, t.ends_on.year) for t in Term.objects.order_by("starts_on")] == [
        (2022, 2026),
        (2026, 2031),
    ]
    assert "已有" in refused(services.open_term, branch, starts_on=date(2026, 3, 1), ends_on=None)


def test_a_term_is_extended_by_a_year_at_most():
    term = services.open_term(factories.branch(), starts_on=date(2021, 3, 1), ends_on=None)
    extend = services.extend_term
    assert "应晚于" in refused(extend, term, ends_on=date(2026, 3, 1), note="批复")
    assert "不超过1年" in refused(extend, term, ends_on=date(2027, 3, 2), note="批复")
    extend(term, ends_on=date(2027, 3, 1), note="杜党〔2026〕5号")
    term.refresh_from_db()
    assert (term.ends_on, term.extension_note) == (date(2027, 3, 1), "杜党〔2026〕5号")


def test_a_leader_is_told_of_a_new_contact_point_once():
    branch = factories.branch()
    leader = factories.person(DutyKind.LEADER, branch.township)
    staff = factories.person(DutyKind.STAFF, branch.township)
    how = {"on": TODAY, "by": staff, "at": factories.NOON}

    point = services.link_leader(branch, leader, **how)
    assert "已联系" in refused(services.link_leader, branch, leader, **how)
    assert "应是党支部" in refused(services.link_leader, branch.township, leader, **how)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.url) == (leader, branch.get_absolute_url())
    assert services.unlink_leader(point, on=TODAY) is True
    assert services.unlink_leader(point, on=TODAY) is False
    assert Member.objects.count() == 0
