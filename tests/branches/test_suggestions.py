import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import DutyKind, Suggestion
from branches.services import suggestions as services
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db

NOON = factories.NOON
LIST = "/suggestions/"


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def secretary(township):
    return factories.person(DutyKind.SECRETARY, factories.branch(parent=township))


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def make(author, township, text="字再大一点"):
    suggestion = Suggestion(organization=township, text=text)
    return services.make_suggestion(suggestion, by=author, at=NOON)


def test_a_suggestion_carries_its_page_and_reaches_the_township(client, secretary, township):
    staff = factories.person(DutyKind.STAFF, township)
    form = sign_in(client, secretary).get(reverse("branches:suggestion_create"), {"page": "/week/"})
    assert 'value="/week/"' in form.content.decode()
    client.post(reverse("branches:suggestion_create"), {"text": "字再大一点", "page": "/week/"})
    suggestion = Suggestion.objects.get()
    assert (suggestion.organization, suggestion.author) == (township, secretary)
    assert suggestion.page == "/week/"
    assert Notice.objects.get().recipient == staff


def test_an_empty_one_is_refused_at_the_field(client, secretary):
    response = sign_in(client, secretary).post(
        reverse("branches:suggestion_create"), {"text": " ", "page": ""}
    )
    assert "text" in response.context["form"].errors


def test_it_is_open_to_the_township_and_above_but_not_to_the_neighbour(secretary, township):
    suggestion = make(secretary, township)
    other = factories.township("木镇镇党委", parent=township.parent)
    readers = {
        "committee": factories.person(DutyKind.COMMITTEE, factories.branch(parent=township)),
        "auditor": factories.person(DutyKind.AUDITOR, township),
        "observer": factories.person(DutyKind.OBSERVER, township.parent),
    }
    for reader in readers.values():
        assert suggestion in Suggestion.objects.visible_to(reader)
    stranger = factories.person(DutyKind.STAFF, other)
    assert suggestion not in Suggestion.objects.visible_to(stranger)


def test_the_answer_is_open_and_the_author_is_told_once(client, secretary, township):
    suggestion = make(secretary, township)
    staff = factories.person(DutyKind.STAFF, township, "李干事")
    url = reverse("branches:suggestion_answer", args=[suggestion.pk])
    sign_in(client, staff).post(url, {"answer": "下周改"})
    client.post(url, {"answer": "已经改了"})
    told = Notice.objects.filter(recipient=secretary)
    assert [notice.url for notice in told] == [f"{LIST}#suggestion-{suggestion.pk}"]
    page = sign_in(client, secretary).get(LIST).content.decode()
    assert "已经改了" in page
    assert "李干事" in page


def test_somebody_without_a_duty_turns_to_the_uppermost_committee(client, township):
    nobody = factories.user()
    sign_in(client, nobody).post(
        reverse("branches:suggestion_create"), {"text": "没有职责", "page": ""}
    )
    assert Suggestion.objects.get().organization == township.parent
    assert "没有职责" in client.get(LIST).content.decode()


def test_without_any_organization_there_is_nobody_to_turn_to(client):
    response = sign_in(client, factories.user()).post(
        reverse("branches:suggestion_create"), {"text": "有人吗", "page": ""}
    )
    assert "text" in response.context["form"].errors


def statements(client):
    client.get(LIST)
    with CaptureQueriesContext(connection) as found:
        client.get(LIST)
    return len(found)


def test_the_list_costs_the_same_for_one_and_for_many(client, secretary, township):
    sign_in(client, factories.person(DutyKind.STAFF, township))
    make(secretary, township)
    few = statements(client)
    for _ in range(15):
        make(secretary, township)
    assert statements(client) == few <= 8
