from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches import permissions
from branches.models import Duty, DutyKind
from branches.services import accounts as services
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branch(township):
    return factories.branch("上峰村党支部", parent=township)


@pytest.fixture
def staff(township):
    return factories.person(DutyKind.STAFF, township)


@pytest.fixture
def administrator(township):
    return factories.person(DutyKind.ADMINISTRATOR, township)


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def new(branch, **changed):
    return {
        "full_name": "王书记",
        "username": "wangshuji",
        "phone": "",
        "email": "",
        "kind": DutyKind.SECRETARY,
        "organization": branch.pk,
        "from_on": "2026-11-24",
    } | changed


def test_a_new_account_gets_a_first_password_shown_once(client, rf, staff, branch):
    response = sign_in(client, staff).post(reverse("branches:account_create"), new(branch))
    password = response.context["password"]
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    account = User.objects.get(username="wangshuji")
    assert account.must_change_password
    assert authenticate(rf.post("/"), username="wangshuji", password=password) == account
    assert account.duties.get().organization == branch
    page = client.get(reverse("branches:account_edit", args=[account.pk]))
    assert password not in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "form", "field"),
    [
        ({"username": "wang shuji"}, "form", "username"),
        ({"username": "书记"}, "form", "username"),
        ({"full_name": ""}, "form", "full_name"),
        ({"phone": "12345"}, "form", "phone"),
        ({"kind": DutyKind.STAFF}, "duty_form", "kind"),
        ({"kind": DutyKind.ADMINISTRATOR}, "duty_form", "kind"),
        ({"kind": DutyKind.LEADER}, "duty_form", "organization"),
        ({"organization": 999999}, "duty_form", "organization"),
        ({"from_on": "昨天"}, "duty_form", "from_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client, staff, branch, changed, form, field):
    sent = new(branch, **changed)
    response = sign_in(client, staff).post(reverse("branches:account_create"), sent)
    assert response.status_code == 200
    assert field in response.context[form].errors
    assert User.objects.filter(full_name="王书记").count() == 0


def test_a_name_in_use_is_refused_whatever_its_case(client, staff, branch):
    User.objects.create_user("wangshuji", full_name="老王")
    sent = new(branch, username="WangShuji")
    response = sign_in(client, staff).post(reverse("branches:account_create"), sent)
    assert response.context["form"].errors["username"] == ["这个登录名已被使用。"]


def test_staff_give_branch_duties_and_administrators_all(staff, administrator, township, branch):
    for kind in DutyKind:
        place = branch if kind in (DutyKind.SECRETARY, DutyKind.COMMITTEE) else township
        mine = {DutyKind.SECRETARY, DutyKind.COMMITTEE, DutyKind.LEADER}
        assert permissions.can_grant(staff, kind, place) == (kind in mine)
        assert permissions.can_grant(administrator, kind, place)


def test_nobody_keeps_accounts_outside_his_scope(staff, administrator):
    elsewhere = factories.branch(parent=factories.township("木镇镇党委"))
    for keeper in (staff, administrator):
        assert not permissions.can_grant(keeper, DutyKind.SECRETARY, elsewhere)


def test_staff_cannot_take_over_an_administrators_account(client, staff, administrator):
    url = reverse("branches:account_reset_password", args=[administrator.pk])
    assert sign_in(client, staff).post(url).status_code == 403
    administrator.refresh_from_db()
    assert administrator.check_password(factories.PASSWORD)


def test_an_account_with_a_second_duty_out_of_reach_is_not_taken_over(client, staff, branch):
    secretary = factories.person(DutyKind.SECRETARY, branch)
    elsewhere = factories.branch(parent=factories.township("木镇镇党委"))
    far = Duty.objects.create(
        user=secretary, kind=DutyKind.SECRETARY, organization=elsewhere, from_on=date(2026, 1, 1)
    )
    near = secretary.duties.exclude(pk=far.pk).get()
    sign_in(client, staff)
    page = reverse("branches:account_reset_password", args=[secretary.pk])
    assert client.post(page).status_code == 403
    assert client.post(reverse("branches:duty_end", args=[far.pk])).status_code == 403
    # The duty within reach can be ended all the same.
    client.post(reverse("branches:duty_end", args=[near.pk]))
    near.refresh_from_db()
    assert near.to_on == timezone.localdate()


def test_nobody_keeps_his_own_account_or_duties(client, administrator, township):
    sign_in(client, administrator)
    own = [administrator.pk]
    assert client.get(reverse("branches:account_edit", args=own)).status_code == 403
    sent = {"kind": DutyKind.STAFF, "organization": township.pk, "from_on": "2026-11-24"}
    assert client.post(reverse("branches:duty_add", args=own), sent).status_code == 403
    duty = administrator.duties.get()
    assert client.post(reverse("branches:duty_end", args=[duty.pk])).status_code == 403
    assert client.post(reverse("branches:account_deactivate", args=own)).status_code == 403


@pytest.mark.parametrize(
    ("held", "given"),
    [
        (DutyKind.ADMINISTRATOR, DutyKind.AUDITOR),
        (DutyKind.AUDITOR, DutyKind.ADMINISTRATOR),
    ],
)
def test_nobody_is_both_administrator_and_auditor(township, held, given):
    person = factories.person(held, township)
    duty = Duty(user=person, kind=given, organization=township.parent, from_on=date(2026, 11, 24))
    with pytest.raises(ValidationError, match="不得由同一人担任"):
        services.add_duty(duty)
    services.end_duty(person.duties.get(), on=date(2026, 11, 24))
    services.add_duty(duty)


def test_the_same_duty_is_not_given_twice(client, staff, branch):
    secretary = factories.person(DutyKind.SECRETARY, branch)
    sent = {"kind": DutyKind.SECRETARY, "organization": branch.pk, "from_on": "2026-11-24"}
    url = reverse("branches:duty_add", args=[secretary.pk])
    response = sign_in(client, staff).post(url, sent)
    assert "该用户已担任这项职责。" in str(response.context["form"].errors)
    assert secretary.duties.count() == 1


def test_an_ended_duty_stays_as_history(branch):
    duty = factories.person(DutyKind.SECRETARY, branch).duties.get()
    assert services.end_duty(duty, on=date(2026, 11, 24))
    assert not services.end_duty(duty, on=date(2026, 11, 25))
    assert duty.to_on == date(2026, 11, 24)
    assert not Duty.objects.in_force(date(2026, 11, 24)).filter(pk=duty.pk).exists()
    assert Duty.objects.in_force(date(2026, 11, 23)).filter(pk=duty.pk).exists()


def test_a_closed_account_can_be_reopened(client, staff, branch):
    secretary = factories.person(DutyKind.SECRETARY, branch)
    sign_in(client, staff)
    client.post(reverse("branches:account_deactivate", args=[secretary.pk]))
    secretary.refresh_from_db()
    assert not secretary.is_active
    client.post(reverse("branches:account_activate", args=[secretary.pk]))
    secretary.refresh_from_db()
    assert secretary.is_active


def test_an_account_is_tied_to_a_namesake_of_the_keepers_scope(client, staff, branch):
    secretary = factories.person(DutyKind.SECRETARY, branch, "王书记")
    namesake, stranger = factories.member(branch, "王书记"), factories.member(branch, "赵六")
    far = factories.member(factories.branch(parent=factories.township("木镇镇党委")), "王书记")
    url = reverse("branches:account_link_member", args=[secretary.pk])
    sign_in(client, staff)
    for wrong in (stranger, far):
        response = client.post(url, {"member": wrong.pk})
        assert "member" in response.context["link_form"].errors
    assert client.post(url, {"member": namesake.pk}).status_code == 302
    namesake.refresh_from_db()
    assert namesake.user == secretary
    assert client.post(url, {"member": ""}).status_code == 302
    namesake.refresh_from_db()
    assert namesake.user is None


def test_administrators_see_no_members(client, administrator, branch):
    secretary = factories.person(DutyKind.SECRETARY, branch, "王书记")
    factories.member(branch, "王书记")
    page = sign_in(client, administrator).get(reverse("branches:account_edit", args=[secretary.pk]))
    assert page.context["link_form"] is None


def statements(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_list_costs_the_same_for_one_and_for_many(client, staff, township):
    url = reverse("branches:account_list")
    sign_in(client, staff)
    factories.person(DutyKind.SECRETARY, factories.branch(parent=township))
    few = statements(client, url)
    for _ in range(30):
        factories.person(DutyKind.SECRETARY, factories.branch(parent=township))
    assert statements(client, url) == few <= 8


def test_the_list_is_narrowed_by_name_duty_and_state(client, staff, branch):
    wang = factories.person(DutyKind.SECRETARY, branch, "王五")
    zhao = factories.person(DutyKind.COMMITTEE, branch, "赵六", is_active=False)
    url = reverse("branches:account_list")
    sign_in(client, staff)

    def found(**wanted):
        return set(client.get(url, wanted).context["page"].object_list)

    assert found() == {staff, wang, zhao}
    assert found(q="王") == found(kind=DutyKind.SECRETARY) == {wang}
    assert found(state="inactive") == {zhao}


def test_one_account_costs_at_most_eight_statements(client, staff, branch):
    secretary = factories.person(DutyKind.SECRETARY, branch, "王书记")
    factories.member(branch, "王书记", user=secretary)
    sign_in(client, staff)
    assert statements(client, reverse("branches:account_edit", args=[secretary.pk])) <= 8
