"""The one statement of every page says the same as the models it stands for."""

from datetime import date

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from branches.backends import DutyBackend
from branches.models import Duty, DutyKind, Organization
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


def frame_of(user: User) -> User:
    found = DutyBackend().get_user(user.pk)
    assert found is not None
    return found


def test_person_duties_and_organizations_are_whole():
    branch = factories.branch()
    user = factories.person(DutyKind.SECRETARY, branch, "方志远")
    Duty.objects.create(
        user=user, kind=DutyKind.STAFF, organization=branch.township, from_on=date(2020, 1, 1)
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = frame_of(user)
        duties = [(duty, duty.organization, duty.user) for duty in found.duties_today]
    assert len(asked) == 1
    assert model_to_dict(found) == model_to_dict(User.objects.get(pk=user.pk))
    assert found.created_at == User.objects.get(pk=user.pk).created_at
    for (duty, organization, holder), known in zip(
        duties, Duty.objects.order_by("pk"), strict=True
    ):
        assert model_to_dict(duty) == model_to_dict(known)
        assert model_to_dict(organization) == model_to_dict(
            Organization.objects.get(pk=known.organization_id)
        )
        assert holder is found


def test_duties_that_ended_or_lie_ahead_are_left_out():
    user = factories.person(DutyKind.STAFF, factories.township())
    today = timezone.localdate()
    other = factories.branch()
    for from_on, to_on in ((date(2015, 1, 1), today), (date(2999, 1, 1), None)):
        Duty.objects.create(
            user=user, kind=DutyKind.SECRETARY, organization=other, from_on=from_on, to_on=to_on
        )
    assert [duty.kind for duty in frame_of(user).duties_today] == [DutyKind.STAFF]


def test_a_person_without_duties_is_known_all_the_same():
    found = frame_of(factories.user())
    assert found.duties_today == []
    assert found.unread == 0


def test_unread_notices_are_counted_once_however_many_duties():
    user = factories.person(DutyKind.STAFF, factories.township())
    Duty.objects.create(
        user=user,
        kind=DutyKind.SECRETARY,
        organization=factories.branch(),
        from_on=date(2020, 1, 1),
    )
    for recipient in (user, factories.user()):
        Notice.objects.create(
            recipient=recipient,
            key="test",
            title="一",
            created_at=factories.NOON,
            due_at=factories.NOON,
            delivered_at=factories.NOON,
        )
    assert frame_of(user).unread == 1


def test_who_is_not_active_or_not_there_is_nobody():
    assert DutyBackend().get_user(factories.user(is_active=False).pk) is None
    assert DutyBackend().get_user(987654) is None
