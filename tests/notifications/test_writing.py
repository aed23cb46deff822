from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.models import Delivery, Notice
from notifications.services import Message
from tests import factories

pytestmark = pytest.mark.django_db

NOON = factories.NOON  # Tuesday 24 November 2026, 12:00
EVENING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai


def test_a_notice_is_written_once_per_person_and_key():
    people = [factories.user(), factories.user()]
    assert services.notify(people, key="a:1", title="一", at=NOON) == 2
    assert services.notify([*people, factories.user()], key="a:1", title="一", at=NOON) == 1
    assert services.notify(people, key="a:2", title="二", at=NOON) == 2
    assert Notice.objects.count() == 5


def test_the_same_person_twice_in_one_call_gets_one():
    person = factories.user()
    assert services.notify([person, person], key="a:1", title="一", at=NOON) == 1


def test_inactive_people_get_nothing():
    gone = factories.user(is_active=False)
    assert services.notify([gone], key="a:1", title="一", at=NOON) == 0
    assert not Notice.objects.exists()


def test_what_is_said_in_the_evening_waits_for_the_morning_unless_urgent():
    person = factories.user()
    services.notify([person], key="calm", title="一", at=EVENING)
    services.notify([person], key="urgent", title="二", at=EVENING, urgent=True)
    due = dict(Notice.objects.values_list("key", "due_at"))
    assert due == {"calm": datetime(2026, 11, 25, 0, 30, tzinfo=UTC), "urgent": EVENING}


def test_a_rolled_back_cause_leaves_no_notice():
    from django.db import transaction

    person = factories.user()
    with transaction.atomic():
        services.notify([person], key="a:1", title="一", at=NOON)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_only_who_has_an_address_gets_a_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with_mail, without = factories.user(email="a@example.org"), factories.user()
    services.notify([with_mail, without], key="a:1", title="一", at=NOON)
    services.notify([with_mail, without], key="a:1", title="一", at=NOON)
    mail = Delivery.objects.get()
    assert mail.notice.recipient == with_mail
    assert mail.due_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # tomorrow's bundle


def test_an_installation_without_mail_writes_no_deliveries(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    services.notify([factories.user(email="a@example.org")], key="a:1", title="一", at=NOON)
    assert Notice.objects.count() == 1
    assert not Delivery.objects.exists()


def statements(how_many: int) -> int:
    people = [factories.user(email=f"{n}@example.org") for n in range(how_many)]
    with CaptureQueriesContext(
        connection,
    ) as found:
        services.notify(people, key=f"many:{how_many}", title="一", at=NOON)
    return len(found)


def test_many_people_cost_as_many_statements_as_one(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert statements(1) == statements(100) <= 8


def test_each_person_may_get_words_of_their_own():
    one, other = factories.user(), factories.user()
    written = services.notify_each(
        [Message(one, "a", "给一", url="/1/"), Message(other, "a", "给二", url="/2/")], at=NOON
    )
    assert written == 2
    assert dict(Notice.objects.values_list("recipient_id", "url")) == {
        one.pk: "/1/",
        other.pk: "/2/",
    }


def test_the_calendar_is_seeded_with_the_published_years():
    assert not services.is_working_day(datetime(2026, 10, 1, tzinfo=UTC).date())
    assert services.is_working_day(datetime(2026, 10, 10, tzinfo=UTC).date())  # a Saturday
    assert services.year_is_known(2026)
    assert not services.year_is_known(2027)


def test_a_year_without_arrangement_goes_by_weekdays():
    friday = datetime(2027, 1, 1, tzinfo=UTC).date()
    assert services.is_working_day(friday)
    assert not services.is_working_day(friday + timedelta(days=1))
