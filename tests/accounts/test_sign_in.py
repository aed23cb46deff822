from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tasks import clear_sessions
from tests import factories

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"
PREFERENCES = "/preferences/"


@pytest.fixture
def person():
    return factories.user("张三")


def enter(client, username, password=factories.PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def test_the_right_password_opens_the_house(client, person):
    response = enter(client, person.username)
    assert response.headers["Location"] == "/"
    assert client.get(PREFERENCES).status_code == 200


def test_a_page_asked_for_before_signing_in_follows_it(client, person):
    asked = client.get(f"{PREFERENCES}?a=1")
    assert asked.headers["Location"] == f"{SIGN_IN}?next=/preferences/%3Fa%3D1"
    response = enter(client, person.username, next="/preferences/?a=1")
    assert response.headers["Location"] == "/preferences/?a=1"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"]
)
def test_next_never_leads_out_of_the_house(client, person, elsewhere):
    assert enter(client, person.username, next=elsewhere).headers["Location"] == "/"


def refusal(response) -> str:
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main")]


def test_a_refusal_does_not_say_whether_the_name_exists(client, person):
    closed = factories.user("李四", is_active=False)
    wrong = refusal(enter(client, person.username, "wrong"))
    assert "登录名或密码不正确。" in wrong
    for username, password in (("nobody", "wrong"), (closed.username, factories.PASSWORD)):
        other = refusal(enter(client, username, password))
        assert other.replace(username, person.username) == without_token(wrong, other)


def without_token(one: str, other: str) -> str:
    """Return `one` with the form's token replaced by that of `other`."""
    name = 'name="csrfmiddlewaretoken" value="'
    token = other.split(name)[1].split('"')[0]
    return one.replace(one.split(name)[1].split('"')[0], token)


def test_empty_fields_are_told_at_the_fields(client):
    response = client.post(SIGN_IN, {"next": ""})
    assert response.context["form"].errors.keys() == {"username", "password"}
    assert response.content.decode().count("invalid-feedback") >= 2


def test_five_failures_lock_the_door_for_a_while(client, person):
    with time_machine.travel(factories.NOON, tick=False) as clock:
        for _ in range(4):
            assert enter(client, person.username, "wrong").status_code == 200
        locked = enter(client, person.username, "wrong")
        assert locked.status_code == 429
        assert "请15分钟后再试" in locked.content.decode()
        assert enter(client, person.username).status_code == 429
        clock.shift(timedelta(minutes=16))
        assert enter(client, person.username).status_code == 302


def test_names_that_do_not_exist_are_locked_alike(client):
    codes = [enter(client, "nobody", "wrong").status_code for _ in range(5)]
    assert codes == [200] * 4 + [429]


def test_one_persons_lockout_does_not_lock_out_another(client, person):
    for _ in range(5):
        enter(client, person.username, "wrong")
    assert enter(client, factories.user().username).status_code == 302


def test_signing_out_takes_a_post_and_ends_the_session(client, person):
    client.force_login(person, backend="branches.backends.DutyBackend")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == SIGN_IN
    assert client.get(PREFERENCES).status_code == 302


def test_a_session_left_alone_ends_after_half_an_hour(client, person):
    with time_machine.travel(factories.NOON, tick=False) as clock:
        client.force_login(person, backend="branches.backends.DutyBackend")
        for _ in range(3):
            assert client.get(PREFERENCES).status_code == 200
            clock.shift(timedelta(minutes=29))
        assert client.get(PREFERENCES).status_code == 200
        clock.shift(timedelta(minutes=31))
        response = client.get(f"{PREFERENCES}?a=1")
        assert response.headers["Location"] == f"{SIGN_IN}?next=/preferences/%3Fa%3D1"
        assert "已自动退出" in client.get(SIGN_IN).content.decode()


def test_no_session_outlasts_a_working_day(client, person):
    with time_machine.travel(factories.NOON, tick=False) as clock:
        client.force_login(person, backend="branches.backends.DutyBackend")
        for _ in range(35):
            assert client.get(PREFERENCES).status_code == 200
            clock.shift(timedelta(minutes=20))
        clock.shift(timedelta(minutes=25))
        assert client.get(PREFERENCES).status_code == 302


def test_what_was_being_sent_is_not_a_page_to_return_to(client, person):
    with time_machine.travel(factories.NOON, tick=False) as clock:
        client.force_login(person, backend="branches.backends.DutyBackend")
        client.get(PREFERENCES)
        clock.shift(timedelta(minutes=31))
        response = client.post(reverse("notifications:notice_read_all"))
        assert response.headers["Location"] == f"{SIGN_IN}?next=/"


def test_somebody_deactivated_is_out_at_once(client, person):
    client.force_login(person, backend="branches.backends.DutyBackend")
    assert client.get(PREFERENCES).status_code == 200
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(PREFERENCES).status_code == 302


def test_ended_sessions_are_cleared(client, person):
    client.force_login(person, backend="branches.backends.DutyBackend")
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    clear_sessions()
    assert not Session.objects.exists()
