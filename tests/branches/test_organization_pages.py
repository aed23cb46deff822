import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import DutyKind, Organization, OrganizationKind, Post, PostRole, Term
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24 12:00+08:00", tick=False):
        yield


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def staff(township, client):
    who = factories.person(DutyKind.STAFF, township)
    client.force_login(who, backend="branches.backends.DutyBackend")
    return who


def full_branch(township, **fields):
    """A branch with everything that a line or a page shows."""
    branch = factories.branch(parent=township, **fields)
    group = factories.group(branch)
    member = factories.member(branch, group=group)
    group.leader = member
    group.save()
    factories.post(member)
    Term.objects.create(organization=branch, starts_on=date(2021, 12, 1), ends_on=date(2026, 12, 1))
    factories.contact_point(factories.person(DutyKind.LEADER, township), branch)
    return branch


def statements(client, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        b"".join(response) if response.streaming else response.content
    assert response.status_code == 200
    return len(queries)


def sheet(response):
    return list(load_workbook(BytesIO(b"".join(response))).active.values)


def test_the_list_shows_secretary_head_count_and_a_term_that_ends(client, staff, township):
    branch = full_branch(township, name="上峰村第一党支部")
    Post.objects.update(member=factories.member(branch, "李建国", full_on=None))

    page = client.get(reverse("branches:organization_list")).content.decode()

    assert "李建国" in page
    assert "2026-12-01" in page
    assert "3个月内届满" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "上峰"}, {"上峰村第一党支部"}),
        ({"q": "sfc"}, {"上峰村第一党支部"}),
        ({"q": "没有"}, set()),
        ({"kind": "township"}, {"杜村乡党委"}),
        ({"type": "office"}, {"机关党支部"}),
        ({"only": "ending"}, {"机关党支部"}),
        ({"only": "dissolved"}, {"老党支部"}),
    ],
)
def test_the_list_is_narrowed(client, staff, township, query, found):
    factories.branch("上峰村第一党支部", parent=township, initials="sfcdydzb")
    full_branch(township, name="机关党支部", branch_type="office")
    factories.branch("老党支部", parent=township, dissolved_on=date(2026, 1, 1))

    rows = client.get(reverse("branches:organization_list"), query).context["rows"]

    assert {row.organization.short_name for row in rows} == found


def test_typing_gets_the_rows_alone(client, staff):
    response = client.get(
        reverse("branches:organization_list"), {"q": "杜村"}, headers={"HX-Request": "true"}
    )
    assert "<table" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_parents_count_everything_below(client, staff, township):
    general = factories.organization(kind=OrganizationKind.GENERAL_BRANCH, parent=township)
    factories.members(factories.branch(parent=general), 3)
    factories.members(factories.branch(parent=township), 2)

    rows = client.get(reverse("branches:organization_list")).context["rows"]

    counts = {row.organization.kind: row.headcount.members for row in rows[:2]}
    assert counts == {"township": 5, "general_branch": 3}
    assert [row.depth for row in rows] == [0, 1, 2, 1]


@pytest.mark.parametrize("route", ["branches:organization_list", "branches:organization_export"])
def test_a_list_costs_the_same_for_1_branch_and_for_20(client, staff, township, route):
    full_branch(township)
    url = reverse(route)
    client.get(url)
    one = statements(client, url)
    for _ in range(19):
        full_branch(township)
    assert statements(client, url) == one <= 8


def test_an_organization_costs_at_most_8_statements(client, staff, township):
    branch = full_branch(township)
    urls = [branch.get_absolute_url(), township.get_absolute_url()]
    client.get(urls[0])
    before = [statements(client, url) for url in urls]
    assert max(before) <= 8
    for _ in range(19):
        full_branch(township)
        member = factories.member(branch)
        factories.group(branch, f"第{factories.number()}组", leader=member)
        factories.post(member, PostRole.COMMITTEE)
    assert [statements(client, url) for url in urls] == before


def test_leaders_read_an_organization_without_links_to_members(client, township):
    branch = full_branch(township)
    leader = branch.contact_points.get().leader
    client.force_login(leader, backend="branches.backends.DutyBackend")

    page = client.get(branch.get_absolute_url()).content.decode()

    assert reverse("branches:member_list") not in page
    assert reverse("branches:organization_edit", args=[branch.pk]) not in page


def test_no_link_leads_to_a_page_that_a_secretary_may_not_see(client, township):
    branch = full_branch(township)
    client.force_login(
        factories.person(DutyKind.SECRETARY, branch), backend="branches.backends.DutyBackend"
    )
    page = client.get(branch.get_absolute_url()).content.decode()
    own = re.findall(r'href="(/(?:organizations|members)/[^"#]*)"', page)
    assert own
    assert {client.get(unescape(url)).status_code for url in own} == {200}


def test_staff_set_up_a_branch(client, staff, township):
    response = client.post(
        reverse("branches:organization_create", args=[township.pk]),
        {
            "name": "中共杜村乡上峰村第二党支部",
            "short_name": "上峰村第二党支部",
            "kind": "branch",
            "branch_type": "village",
        },
    )
    branch = Organization.objects.get(short_name="上峰村第二党支部")
    assert response.status_code == 302
    assert response["Location"] == branch.get_absolute_url()
    assert branch.township == township


def test_a_branch_needs_a_type_and_a_name_of_its_own(client, staff, township):
    factories.branch("上峰村第二党支部", parent=township)
    form = client.post(
        reverse("branches:organization_create", args=[township.pk]),
        {"name": "中共上峰村第二党支部", "short_name": "上峰", "kind": "branch"},
    ).context["form"]
    assert form.errors["branch_type"] == ["请选择支部类型。"]

    form = client.post(
        reverse("branches:organization_create", args=[township.pk]),
        {
            "name": "中共上峰村第二党支部",
            "short_name": "上峰",
            "kind": "branch",
            "branch_type": "village",
        },
    ).context["form"]
    assert form.non_field_errors() == ["同一上级党组织下已有同名党组织。"]


def test_a_refused_change_leaves_the_head_of_the_page_as_it_was(client, staff, township):
    factories.branch("甲党支部", parent=township)
    branch = factories.branch("乙党支部", parent=township)
    response = client.post(
        reverse("branches:organization_edit", args=[branch.pk]),
        {
            "name": "中共甲党支部",
            "short_name": "丙党支部",
            "branch_type": "village",
            "code": branch.code,
        },
    )
    assert response.context["form"].non_field_errors() == ["同一上级党组织下已有同名党组织。"]
    assert str(response.context["organization"]) == "乙党支部"


def test_staff_move_and_dissolve_through_the_forms(client, staff, township):
    general = factories.organization(kind=OrganizationKind.GENERAL_BRANCH, parent=township)
    branch = factories.branch(parent=township)
    client.post(reverse("branches:organization_move", args=[branch.pk]), {"parent": general.pk})
    branch.refresh_from_db()
    assert branch.parent == general

    response = client.post(
        reverse("branches:organization_dissolve", args=[general.pk]), {"on": "2026-11-24"}
    )
    assert "还有下级党组织" in response.content.decode()
    client.post(reverse("branches:organization_dissolve", args=[branch.pk]), {"on": "2026-11-24"})
    branch.refresh_from_db()
    assert branch.dissolved_on == date(2026, 11, 24)
    assert "已撤销" in client.get(branch.get_absolute_url()).content.decode()


def test_the_forms_of_a_branch_do_what_they_say(client, staff, township):
    branch = factories.branch(parent=township)
    member = factories.member(branch)
    leader = factories.person(DutyKind.LEADER, township)
    day = {"on": "2026-11-24"}

    def send(route, pk, data):
        response = client.post(reverse(f"branches:{route}", args=[pk]), data)
        assert response.status_code == 302, response.context["form"].errors

    send("group_create", branch.pk, {"name": "第一党小组", "leader": member.pk})
    group = branch.groups.get()
    send("group_edit", group.pk, {"name": "第二党小组"})
    send("group_dissolve", group.pk, day)
    group.refresh_from_db()
    assert (group.name, group.dissolved_on) == ("第二党小组", date(2026, 11, 24))

    send("post_create", branch.pk, {"role": "secretary", "member": member.pk, **day})
    post = branch.posts.get()
    send("post_end", post.pk, day)
    post.refresh_from_db()
    assert post.to_on == date(2026, 11, 24)

    send("term_open", branch.pk, {"starts_on": "2021-03-01"})
    term = branch.terms.get()
    assert term.ends_on == date(2026, 3, 1)
    send("term_extend", term.pk, {"ends_on": "2027-03-01", "note": "杜党〔2026〕5号"})
    term.refresh_from_db()
    assert term.ends_on == date(2027, 3, 1)

    send("contact_point_create", branch.pk, {"leader": leader.pk, **day})
    point = branch.contact_points.get()
    send("contact_point_end", point.pk, {"on": "2026-12-24"})
    point.refresh_from_db()
    assert point.to_on == date(2026, 12, 24)


def test_a_secretary_appointed_before_the_present_one_is_an_error_at_the_field(
    client, staff, township
):
    branch = factories.branch(parent=township)
    old, new = factories.members(branch, 2)
    factories.post(old, from_on=date(2021, 3, 1))
    form = client.post(
        reverse("branches:post_create", args=[branch.pk]),
        {"role": "secretary", "member": new.pk, "on": "2020-01-01"},
    ).context["form"]
    assert "不能更早" in form.errors["on"][0]


def test_the_export_holds_the_filtered_list_and_no_formulas(client, staff, township):
    factories.branch("=1+1党支部", parent=township, note="@SUM(A1)")
    factories.branch("机关党支部", parent=township, branch_type="office")

    response = client.get(reverse("branches:organization_export"), {"type": "village"})
    header, line = sheet(response)

    assert header[2] == "党组织全称"
    assert line[3] == "'=1+1党支部"
    assert line[-1] == "'@SUM(A1)"
    assert "%E5%85%9A%E7%BB%84%E7%BB%87" in response["Content-Disposition"]
