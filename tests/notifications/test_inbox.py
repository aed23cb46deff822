import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db

INBOX = "/inbox/"


@pytest.fixture
def person(client):
    who = factories.user("张三")
    client.force_login(who, backend="branches.backends.DutyBackend")
    return who


def send(person, *keys, url="/preferences/"):
    for key in keys:
        services.notify([person], key=key, title=f"事项{key}", url=url, at=factories.NOON)
    services.deliver_due(at=factories.NOON)


def unread(client) -> list[bool]:
    return [notice.is_unread for notice in client.get(INBOX).context["page"].object_list]


def test_opening_a_notice_marks_it_read_and_leads_on(client, person):
    send(person, "a", "b")
    first = Notice.objects.get(key="a")
    response = client.post(f"{INBOX}{first.pk}/open/")
    assert response.headers["Location"] == "/preferences/"
    listed = client.get(INBOX).context["page"].object_list
    assert [(notice.key, notice.is_unread) for notice in listed] == [("b", True), ("a", False)]


def test_opening_twice_keeps_the_first_time(client, person):
    send(person, "a")
    notice = Notice.objects.get()
    assert services.read_notice(notice, at=factories.NOON)
    client.post(f"{INBOX}{notice.pk}/open/")
    notice.refresh_from_db()
    assert notice.read_at == factories.NOON


@pytest.mark.parametrize("url", ["", "https://example.org/", "//example.org/"])
def test_a_notice_leads_nowhere_but_into_the_house(client, person, url):
    send(person, "a", url=url)
    response = client.post(f"{INBOX}{Notice.objects.get().pk}/open/")
    assert response.headers["Location"] == INBOX


def test_everything_is_marked_read_at_once_and_only_ones_own(client, person):
    send(person, "a", "b")
    other = factories.user()
    send(other, "c")
    client.post(f"{INBOX}read-all/")
    assert unread(client) == [False, False]
    assert Notice.objects.get(recipient=other).read_at is None


def test_what_is_not_delivered_is_not_there(client, person):
    services.notify([person], key="a", title="一", at=factories.NOON)
    assert unread(client) == []
    assert client.post(f"{INBOX}{Notice.objects.get().pk}/open/").status_code == 404


def test_an_empty_inbox_says_what_will_be_there(client, person):
    assert "还没有通知" in client.get(INBOX).content.decode()


def statements(client):
    client.get(INBOX)
    with CaptureQueriesContext(connection) as found:
        client.get(INBOX)
    return len(found)


def test_the_inbox_costs_the_same_for_one_and_for_many(client, person):
    send(person, "a")
    few = statements(client)
    send(person, *"bcdefghijklmnopqrstuvwxyz")
    assert statements(client) == few <= 8
