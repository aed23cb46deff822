from datetime import date
from io import BytesIO

import pytest
import time_machine
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import DutyKind, Exemption, ExemptionKind, Member, PostRole
from branches.services import members as services
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "branches:member_list"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24 12:00+08:00", tick=False):
        yield


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branch(township):
    return factories.branch("上峰村第一党支部", parent=township)


def sign_in(client, kind, organization):
    who = factories.person(kind, organization)
    client.force_login(who, backend="branches.backends.DutyBackend")
    return who


def full_member(branch, **fields):
    """A member with everything that a line shows."""
    member = factories.member(
        branch,
        group=branch.groups.first() or factories.group(branch),
        phone="13800001234",
        is_floating=True,
        floating_to="浙江省宁波市",
        **fields,
    )
    factories.post(member, PostRole.COMMITTEE)
    Exemption.objects.create(member=member, kind=ExemptionKind.OLD_OR_ILL, from_on=date(2026, 1, 1))
    return member


def names(response) -> set[str]:
    return {member.name for member in response.context["page"]}


def statements(client, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        b"".join(response) if response.streaming else response.content
    assert response.status_code == 200
    return len(queries)


def sheet(response):
    return list(load_workbook(BytesIO(b"".join(response))).active.values)


def test_the_list_shows_members_with_masked_phones(client, township, branch):
    sign_in(client, DutyKind.SECRETARY, branch)
    full_member(branch, name="李建国")
    factories.member(factories.branch(parent=township), "邻支部党员")

    page = client.get(reverse(LIST)).content.decode()

    assert "李建国" in page
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "浙江省宁波市" in page
    assert "邻支部党员" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"李建国", "王芳", "赵强"}),
        ({"q": "建国"}, {"李建国"}),
        ({"q": "LJ"}, {"李建国"}),
        ({"status": "probationary"}, {"王芳"}),
        ({"status": "full"}, {"李建国", "赵强"}),
        ({"only": "floating"}, {"赵强"}),
        ({"only": "exempt"}, {"赵强"}),
        ({"only": "left"}, {"孙平"}),
        ({"group": "{group}", "branch": "{branch}"}, {"赵强"}),
        ({"branch": "{branch}"}, {"李建国", "王芳", "赵强"}),
        ({"branch": "999999"}, {"李建国", "王芳", "赵强"}),
        ({"branch": "x", "page": "1"}, {"李建国", "王芳", "赵强"}),
    ],
)
def test_the_list_is_narrowed(client, township, branch, query, found):
    sign_in(client, DutyKind.STAFF, township)
    factories.member(branch, "李建国", initials="ljg")
    factories.member(branch, "王芳", joined_on=date(2026, 7, 1), full_on=None)
    full_member(branch, name="赵强")
    factories.member(branch, "孙平", left_on=date(2026, 1, 1))
    ids = {"branch": branch.pk, "group": branch.groups.get().pk}

    query = {key: value.format(**ids) for key, value in query.items()}

    assert names(client.get(reverse(LIST), query)) == found


def test_who_leads_one_branch_and_only_reads_others_sees_the_one_roster(client, township, branch):
    who = sign_in(client, DutyKind.SECRETARY, branch)
    who.duties.create(kind=DutyKind.LEADER, organization=township, from_on=date(2026, 1, 1))
    factories.member(branch, "自己的")
    other = factories.member(factories.branch(parent=township), "别人的")

    assert names(client.get(reverse(LIST))) == {"自己的"}
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(other.branch.get_absolute_url()).status_code == 200


def test_typing_gets_the_rows_alone(client, township, branch):
    sign_in(client, DutyKind.STAFF, township)
    factories.member(branch, "李建国", initials="ljg")
    page = client.get(reverse(LIST), {"q": "ljg"}, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "李建国" in text
    assert "<html" not in text
    assert f"{reverse('branches:member_export')}?q=ljg" in text


@pytest.mark.parametrize("route", [LIST, "branches:member_export"])
def test_a_list_costs_the_same_for_1_member_and_for_20(client, township, branch, route):
    sign_in(client, DutyKind.STAFF, township)
    full_member(branch)
    url = reverse(route) + f"?branch={branch.pk}"
    client.get(url)
    one = statements(client, url)
    for _ in range(19):
        full_member(branch)
    for _ in range(19):
        full_member(factories.branch(parent=township))
    assert statements(client, url) == one <= 8
    assert statements(client, reverse(route)) <= 8


def test_a_member_costs_at_most_8_statements_whatever_the_history(client, township, branch):
    sign_in(client, DutyKind.STAFF, township)
    member = full_member(branch)
    client.get(member.get_absolute_url())
    one = statements(client, member.get_absolute_url())
    for year in range(2001, 2020):
        member.memberships.create(
            branch=branch,
            group=branch.groups.get(),
            from_on=date(year, 1, 1),
            to_on=date(year, 6, 1),
            end_reason="regroup",
        )
        member.posts.create(
            organization=branch,
            role="committee",
            from_on=date(year, 1, 1),
            to_on=date(year, 6, 1),
        )
    assert statements(client, member.get_absolute_url()) == one <= 8


def test_a_member_page_says_what_follows_from_the_exemptions(client, township, branch):
    sign_in(client, DutyKind.STAFF, township)
    member = full_member(branch)
    page = client.get(member.get_absolute_url()).content.decode()
    assert "缺席不算问题" in page
    assert "第二十三条" in page
    assert "有表决权。" in page


PARTICULARS = {
    "name": "单小芳",
    "born_on": "1990-01-01",
    "joined_on": "2015-07-01",
    "full_on": "2016-07-01",
    "phone": "13800001234",
    "on": "2026-11-24",
}


def test_a_secretary_puts_a_member_on_the_own_roster(client, branch):
    sign_in(client, DutyKind.SECRETARY, branch)
    response = client.post(reverse("branches:member_create", args=[branch.pk]), PARTICULARS)
    member = Member.objects.get(name="单小芳")
    assert response["Location"] == member.get_absolute_url()
    assert (member.branch, member.initials) == (branch, "sxf")
    assert member.memberships.get().from_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "必填"),
        ({"phone": "1380000123"}, "phone", "11位"),
        ({"joined_on": "2007-12-31"}, "joined_on", "18周岁"),
        ({"joined_on": "1980-01-01"}, "joined_on", "不能早于出生"),
        ({"full_on": "2015-01-01"}, "full_on", "不能早于入党"),
        ({"joined_on": "2026-12-01"}, "joined_on", "将来"),
        ({"on": "2015-01-01"}, "on", "不能早于入党"),
        ({"floating_to": "宁波"}, "is_floating", "流动"),
    ],
)
def test_bad_particulars_are_told_at_the_field(client, branch, change, field, words):
    sign_in(client, DutyKind.SECRETARY, branch)
    response = client.post(
        reverse("branches:member_create", args=[branch.pk]), PARTICULARS | change
    )
    assert response.status_code == 200
    if words != "必填":
        assert words in response.context["form"].errors[field][0]
    else:
        assert field in response.context["form"].errors
    assert not Member.objects.filter(name="单小芳").exists()


def test_the_same_person_twice_in_a_branch_is_refused(client, branch):
    sign_in(client, DutyKind.SECRETARY, branch)
    url = reverse("branches:member_create", args=[branch.pk])
    client.post(url, PARTICULARS)
    form = client.post(url, PARTICULARS).context["form"]
    assert form.non_field_errors() == ["该支部已有同名且出生日期相同的党员。"]


def test_a_secretary_edits_regroups_exempts_and_takes_off_the_roster(client, branch):
    sign_in(client, DutyKind.SECRETARY, branch)
    member = factories.member(branch)
    group = factories.group(branch)

    def send(route, pk, data):
        response = client.post(reverse(f"branches:{route}", args=[pk]), data)
        assert response.status_code == 302, response.context["form"].errors

    send("member_edit", member.pk, PARTICULARS)
    send("member_regroup", member.pk, {"group": group.pk, "on": "2026-11-24"})
    send("exemption_create", member.pk, {"kind": "old_or_ill", "from_on": "2026-11-24"})
    send("exemption_end", member.exemptions.get().pk, {"on": "2026-11-25"})
    send("member_leave", member.pk, {"reason": "deceased", "on": "2026-11-26"})

    member.refresh_from_db()
    assert (member.name, member.group, member.left_on) == ("单小芳", group, date(2026, 11, 26))
    assert member.exemptions.get().to_on == date(2026, 11, 25)
    assert names(client.get(reverse(LIST))) == set()
    assert "离开" in client.get(member.get_absolute_url()).content.decode()


def test_staff_transfer_a_member_and_take_one_back(client, township, branch):
    sign_in(client, DutyKind.STAFF, township)
    other = factories.branch(parent=township)
    member = factories.member(branch)

    client.post(
        reverse("branches:member_transfer", args=[member.pk]),
        {"to_branch": other.pk, "on": "2026-11-24", "note": "工作调动"},
    )
    member.refresh_from_db()
    assert member.branch == other
    client.post(
        reverse("branches:member_leave", args=[member.pk]),
        {"reason": "transfer", "on": "2026-11-25"},
    )
    client.post(
        reverse("branches:member_return", args=[member.pk]),
        {"to_branch": branch.pk, "on": "2026-11-26"},
    )
    member.refresh_from_db()
    assert (member.branch, member.left_on) == (branch, None)
    assert member.memberships.count() == 3


def test_a_member_does_not_move_into_a_township_that_is_not_the_movers(client, township, branch):
    sign_in(client, DutyKind.STAFF, township)
    foreign = factories.branch(parent=factories.township("木镇镇党委"))
    member = factories.member(branch)
    form = client.post(
        reverse("branches:member_transfer", args=[member.pk]),
        {"to_branch": foreign.pk, "on": "2026-11-24"},
    ).context["form"]
    assert "to_branch" in form.errors


def test_the_export_masks_phones_and_reads_like_the_import(client, township, branch):
    sign_in(client, DutyKind.TOWNSHIP_SECRETARY, township)
    full_member(branch, name="=cmd()")
    header, line = sheet(client.get(reverse("branches:member_export")))
    assert header[1:3] == ("姓名", "性别")
    assert line[1] == "'=cmd()"
    assert "138****1234" in line


def test_whole_phones_ask_for_a_reason_and_leave_a_trace(client, township, branch):
    who = sign_in(client, DutyKind.SECRETARY, branch)
    read_only = factories.branch(parent=township)
    who.duties.create(kind=DutyKind.COMMITTEE, organization=read_only, from_on=date(2026, 1, 1))
    full_member(branch)
    full_member(read_only)
    url = reverse("branches:member_export_phones")

    assert client.get(url).status_code == 200
    assert "reason" in client.post(url, {"reason": " "}).context["form"].errors
    assert not LogEntry.objects.filter(action=LogEntry.Action.ACCESS).exists()
    _header, line = sheet(client.post(url, {"reason": "防汛通知到人"}))

    assert "13800001234" in line
    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert entry.actor == who
    assert entry.additional_data["reason"] == "防汛通知到人"
    assert entry.additional_data["rows"] == 1
    assert entry.object_id == branch.pk


def test_a_tap_notes_that_a_floating_member_was_called_and_one_takes_it_back(client, branch):
    member = full_member(branch)
    sign_in(client, DutyKind.SECRETARY, branch)
    assert "今天已联系" in client.get(member.get_absolute_url()).content.decode()
    for _ in range(2):
        client.post(f"/members/{member.pk}/contacts/")
    contact = member.contacts.get()
    page = client.get(member.get_absolute_url()).content.decode()
    assert "今天已联系" not in page
    client.post(f"/members/contacts/{contact.pk}/remove/")
    assert not member.contacts.exists()


def test_who_is_at_home_is_not_called(client, branch):
    member = factories.member(branch)
    sign_in(client, DutyKind.SECRETARY, branch)
    client.post(f"/members/{member.pk}/contacts/")
    assert not member.contacts.exists()
    assert "流动党员联系" not in client.get(member.get_absolute_url()).content.decode()


def test_a_contact_person_is_chosen_among_those_at_home(client, branch):
    member, other = full_member(branch), factories.member(branch, "联系人甲")
    stranger = factories.member(factories.branch(), "外支部的")
    sign_in(client, DutyKind.SECRETARY, branch)
    url = f"/members/{member.pk}/edit/"
    page = client.get(url).content.decode()
    assert "联系人甲" in page
    assert "外支部的" not in page
    fields = ("name", "joined_on", "full_on", "is_floating", "floating_to")
    sent = {name: getattr(member, name) for name in fields}
    client.post(url, sent | {"contact_person": stranger.pk})
    member.refresh_from_db()
    assert member.contact_person is None
    client.post(url, sent | {"contact_person": other.pk})
    member.refresh_from_db()
    assert member.contact_person == other
    assert "联系人甲" in client.get(member.get_absolute_url()).content.decode()


def test_a_contact_person_who_leaves_is_one_no_more(branch):
    member, other = full_member(branch), factories.member(branch)
    member.contact_person = other
    member.save()
    services.end_membership(other, "transfer", on=date(2026, 11, 20))
    member.refresh_from_db()
    assert member.contact_person is None
