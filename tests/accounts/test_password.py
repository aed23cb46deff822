import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.services import first_password, give_first_password
from tests import factories

pytestmark = pytest.mark.django_db

CHANGE = "/password/"
NEW = "Shangfeng-1958"


@pytest.fixture
def person(client):
    who = factories.user("张三")
    client.force_login(who, backend="branches.backends.DutyBackend")
    return who


def change(client, old=factories.PASSWORD, new=NEW, repeated=NEW):
    return client.post(CHANGE, {"old_password": old, "new_password": new, "repeated": repeated})


def test_a_changed_password_keeps_this_session_and_ends_the_others(client, person):
    from django.test import Client

    other = Client()
    other.force_login(person, backend="branches.backends.DutyBackend")
    assert other.get("/preferences/").status_code == 200
    assert change(client).status_code == 302
    assert client.get("/preferences/").status_code == 200
    assert other.get("/preferences/").status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"old": "wrong"}, "old_password", "现在的密码不正确"),
        ({"new": "short"}, "new_password", "密码"),
        ({"new": "alllowercase"}, "new_password", "3种"),
        ({"new": factories.PASSWORD, "repeated": factories.PASSWORD}, "new_password", "相同"),
        ({"repeated": "Another-1958"}, "repeated", "不一致"),
    ],
)
def test_a_bad_new_password_is_refused_at_its_field(client, person, sent, field, says):
    response = change(client, **sent)
    assert response.status_code == 200
    assert any(says in error for error in response.context["form"].errors[field])
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)


def test_a_first_password_opens_nothing_but_its_own_change(client):
    newcomer = factories.user("新人", must_change_password=True)
    client.force_login(newcomer, backend="branches.backends.DutyBackend")
    for page in ("/", "/preferences/", "/inbox/", "/suggestions/"):
        assert client.get(page).headers["Location"] == CHANGE
    assert "设置自己的密码" in client.get(CHANGE).content.decode()
    assert client.post("/script/", {"script": "zh-hant", "next": CHANGE}).status_code == 302
    assert change(client).status_code == 302
    newcomer.refresh_from_db()
    assert not newcomer.must_change_password
    assert client.get("/preferences/").status_code == 200


def test_first_passwords_keep_the_rules_and_differ():
    given = {first_password() for _ in range(200)}
    assert len(given) == 200
    for password in given:
        validate_password(password, factories.User(username="zhangsan", full_name="张三"))


def test_a_given_password_must_be_changed_and_lifts_the_lockout(client):
    person = factories.user()
    for _ in range(5):
        client.post("/sign-in/", {"username": person.username, "password": "wrong"})
    password = give_first_password(person)
    response = client.post("/sign-in/", {"username": person.username, "password": password})
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.must_change_password


def test_three_kinds_of_characters_are_asked_for():
    for good in ("Xqcdefg1", "abcdef-1", "ABC-abc-"):
        validate_password(good)
    with pytest.raises(ValidationError):
        validate_password("abcdefg1")
