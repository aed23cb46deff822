from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from notifications import rules, services
from notifications.models import Delivery, Notice
from notifications.services import outbox
from tests import factories

pytestmark = pytest.mark.django_db

NOON = factories.NOON  # Tuesday 24 November 2026, 12:00
MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # Wednesday 09:00: the bundle leaves
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def mail_on(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def person():
    return factories.user("张三", email="a@example.org")


def tick(at):
    services.deliver_due(at=at)
    return services.send_mails(at=at)


def test_a_notice_is_shown_when_its_time_has_come_and_once(person):
    evening = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    services.notify([person], key="a", title="一", at=evening)
    assert services.deliver_due(at=evening) == 0
    assert not Notice.objects.visible_to(person).exists()
    assert services.deliver_due(at=MORNING) == 1
    assert services.deliver_due(at=MORNING + MINUTE) == 0
    assert Notice.objects.visible_to(person).get().delivered_at == MORNING


def test_the_calm_ones_of_a_day_leave_in_one_mail(person):
    for key in "abc":
        services.notify([person], key=key, title=f"事项{key}", at=NOON)
    assert tick(NOON) == 0
    assert tick(MORNING) == 1
    assert tick(MORNING + MINUTE) == 0
    sent = mail.outbox[0]
    assert sent.to == ["a@example.org"]
    assert "等3件" in sent.subject
    assert all(f"事项{key}" in sent.body for key in "abc")


def test_an_urgent_one_leaves_at_once_and_does_not_use_up_the_day(person):
    services.notify([person], key="calm", title="不急", at=NOON)
    services.notify([person], key="urgent", title="今天到期", at=NOON, urgent=True)
    assert tick(NOON) == 1
    assert "不急" not in mail.outbox[0].body
    assert tick(MORNING) == 1
    assert "不急" in mail.outbox[1].body


def test_at_most_one_calm_mail_a_day(person):
    services.notify([person], key="a", title="一", at=NOON)
    assert tick(MORNING) == 1
    # Committed late by a slow transaction: due this morning, after the morning's mail.
    services.notify([person], key="b", title="二", at=MORNING - MINUTE)
    assert tick(MORNING + MINUTE) == 0
    services.notify([person], key="c", title="三", at=MORNING + MINUTE, urgent=True)
    assert tick(MORNING + 2 * MINUTE) == 1
    assert tick(MORNING + timedelta(days=1)) == 1
    assert "二" in mail.outbox[-1].body


def test_what_was_read_in_the_inbox_is_not_mailed(person):
    services.notify([person], key="a", title="一", at=NOON)
    services.deliver_due(at=NOON)
    services.read_notice(Notice.objects.get(), at=NOON)
    assert tick(MORNING) == 0
    assert not Delivery.objects.exists()


def test_a_mail_of_somebody_deactivated_stays(person):
    services.notify([person], key="a", title="一", at=NOON)
    person.is_active = False
    person.save()
    assert tick(MORNING) == 0


def test_a_failure_is_kept_and_tried_later_as_the_same_letter(person, monkeypatch):
    services.notify([person], key="a", title="一", at=NOON)

    def refuse(*args, **kwargs):
        raise OSError("邮件服务器无应答")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert tick(MORNING) == 0
    row = Delivery.objects.get()
    assert (row.attempts, row.done_at, "邮件服务器无应答" in row.error) == (1, None, True)
    services.notify([person], key="b", title="后来的", at=NOON)
    assert tick(MORNING + MINUTE) == 0  # one mail a day, and that one is still on its way
    assert tick(MORNING + MINUTE + rules.back_off(1)) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == outbox.message_id([row])
    assert "后来的" not in mail.outbox[0].body
    assert tick(MORNING + timedelta(days=1)) == 1


def test_after_the_last_attempt_it_is_left_with_its_error(person, monkeypatch):
    services.notify([person], key="a", title="一", at=NOON)

    def refuse(*args, **kwargs):
        raise OSError("no")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    at = MORNING
    for _ in range(rules.MOST_ATTEMPTS + 3):
        tick(at)
        at += timedelta(days=2)
    assert Delivery.objects.get().attempts == rules.MOST_ATTEMPTS


def test_a_letter_under_lease_is_nobody_elses(person):
    services.notify([person], key="a", title="一", at=NOON)
    services.deliver_due(at=NOON)
    letter = next(outbox._letters(at=MORNING))
    assert outbox._take(letter, at=MORNING)
    assert not outbox._take(letter, at=MORNING)
    assert services.send_mails(at=MORNING + MINUTE) == 0
    # Its worker died: after the lease the same letter goes out.
    assert services.send_mails(at=MORNING + outbox.LEASE + MINUTE) == 1


def test_half_a_letter_is_not_taken(person):
    for key in "ab":
        services.notify([person], key=key, title=key, at=NOON)
    services.deliver_due(at=NOON)
    letter = next(outbox._letters(at=MORNING))
    Delivery.objects.filter(pk=letter[0].pk).update(lease_until=MORNING + outbox.LEASE)
    assert not outbox._take(letter, at=MORNING)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}


def test_the_lease_outlasts_the_task():
    assert outbox.LEASE.total_seconds() > outbox.TIME_LIMIT_SECONDS


def test_a_mail_speaks_the_recipients_script_without_escaping(person):
    services.notify([person], key="a", title="《条例》& 问题", at=NOON)
    tick(MORNING)
    assert mail.outbox[0].subject == "【八都】《条例》& 问题"
