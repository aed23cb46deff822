import pytest
from auditlog.models import LogEntry

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    who = factories.user("张三")
    client.force_login(who, backend="branches.backends.DutyBackend")
    return who


def test_preferences_are_kept_and_change_the_page(client, person):
    sent = {"script": "zh-hant", "text_size": "large", "email": "a@example.org"}
    assert client.post("/preferences/", sent).status_code == 302
    page = client.get("/preferences/").content.decode()
    assert '<html lang="zh-hant" class="text-large">' in page
    person.refresh_from_db()
    assert person.email == "a@example.org"


def test_how_a_person_likes_to_read_is_nobody_elses_affair(client, person):
    before = LogEntry.objects.count()
    client.post("/script/", {"script": "zh-hant"})
    person.refresh_from_db()
    assert person.script == "zh-hant"
    assert LogEntry.objects.count() == before


def test_a_bad_address_is_told_at_the_field(client, person):
    response = client.post(
        "/preferences/", {"script": "zh-hans", "text_size": "normal", "email": "张三"}
    )
    assert "email" in response.context["form"].errors
    person.refresh_from_db()
    assert person.email == ""


@pytest.mark.parametrize(
    ("backend", "says"), [("dummy", "尚未接通邮件"), ("locmem", "至多合并发一封")]
)
def test_the_page_does_not_promise_mail_that_nobody_sends(client, person, settings, backend, says):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert says in client.get("/preferences/").content.decode()


def test_the_switch_works_before_signing_in_and_is_remembered(client):
    response = client.post("/script/", {"script": "zh-hant", "next": "/sign-in/?next=/a/"})
    assert response.headers["Location"] == "/sign-in/?next=/a/"
    assert '<html lang="zh-hant">' in client.get("/sign-in/").content.decode()


def test_the_switch_is_kept_with_the_person(client, person):
    client.post("/script/", {"script": "zh-hant", "next": "/preferences/"})
    person.refresh_from_db()
    assert person.script == "zh-hant"


def test_the_switch_ignores_nonsense_and_foreign_addresses(client):
    response = client.post("/script/", {"script": "en", "next": "https://example.org/"})
    assert response.headers["Location"] == "/sign-in/"
    assert '<html lang="zh-hans">' in client.get("/sign-in/").content.decode()


def test_the_size_of_the_text_is_one_tap_away_on_every_page(client, person):
    html = client.get("/about/").content.decode()
    assert 'name="size" value="large"' in html
    answer = client.post("/text-size/", {"size": "large", "next": "/about/"}, follow=True)
    assert answer.redirect_chain == [("/about/", 302)]
    html = answer.content.decode()
    assert 'class="text-large"' in html
    assert 'name="size" value="normal"' in html


def test_a_size_that_is_none_changes_nothing(client, person):
    assert client.post("/text-size/", {"size": "huge"}).status_code == 302
    person.refresh_from_db()
    assert person.text_size == "normal"
