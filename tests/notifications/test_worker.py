"""Exactly once, with a real worker that is killed in the middle."""

import time

import pytest

pytestmark = pytest.mark.services

PEOPLE = 40

WRITE = f"""
from django.utils import timezone
from accounts.models import User
from notifications.services import notify
people = User.objects.bulk_create(
    User(username=f"u{{n}}", full_name=f"用户{{n}}", email=f"u{{n}}@example.org")
    for n in range({PEOPLE})
)
now = timezone.now()
result = sum(notify(people, key=f"k{{n}}", title=f"事项{{n}}", at=now, urgent=True) for n in (1, 2))
"""
RING = "from notifications.tasks import deliver_due; deliver_due.delay(); result = True"
STATE = """
from notifications.models import Delivery, Notice
result = {
    "notices": Notice.objects.count(),
    "shown": {n.pk: n.delivered_at for n in Notice.objects.exclude(delivered_at=None)},
    "mailed": Delivery.objects.exclude(done_at=None).count(),
    "attempts": sorted(Delivery.objects.values_list("attempts", flat=True)),
}
"""
# What the lease's ten minutes would do by themselves.
LEASE_IS_OVER = """
from datetime import timedelta
from django.db.models import F
from notifications.models import Delivery
result = Delivery.objects.filter(done_at=None, lease_until__isnull=False).update(
    lease_until=F("lease_until") - timedelta(hours=1)
)
"""


@pytest.fixture
def installation(installation):
    installation.environment["DJANGO_SETTINGS_MODULE"] = "tests.notifications.worker_settings"
    return installation


def mails(installation) -> list[str]:
    return sorted(path.read_text() for path in (installation.var / "mails").glob("*"))


def wait_until(is_true) -> None:
    deadline = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(0.05)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(installation):
    assert installation.run(WRITE) == 2 * PEOPLE
    installation.start("worker")
    installation.run(RING)
    wait_until(lambda: len(mails(installation)) >= PEOPLE // 4)
    installation.kill("worker")
    before = installation.run(STATE)
    assert before["mailed"] < 2 * PEOPLE, "killed too late to be a test"

    installation.run(LEASE_IS_OVER)
    installation.start("worker")
    installation.run(RING)
    installation.run(RING)  # a second doorbell beside the first finds the leases
    wait_until(lambda: installation.run(STATE)["mailed"] == 2 * PEOPLE)

    after = installation.run(STATE)
    assert after["notices"] == len(after["shown"]) == 2 * PEOPLE
    assert after["shown"].items() >= before["shown"].items()
    # Two notices of one moment are one mail, and everybody has one.
    received = mails(installation)
    assert sorted(mail.split("\n")[0] for mail in received) == sorted(
        f"u{n}@example.org" for n in range(PEOPLE)
    )
    assert all("事项1" in mail and "事项2" in mail for mail in received)
    # Over the wire at most the one letter that was in the worker's hands came twice.
    tries = (installation.var / "tries").read_text().split()
    assert len(tries) <= PEOPLE + 1
    assert set(after["attempts"]) <= {1, 2}
