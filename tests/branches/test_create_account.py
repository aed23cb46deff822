"""The first account of a fresh installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from branches.models import Duty
from tests import factories

pytestmark = pytest.mark.django_db


def create(township, username="guanli", duty="administrator"):
    out = StringIO()
    call_command(
        "create_account",
        username,
        full_name="钱一鸣",
        duty=duty,
        organization=township.code,
        stdout=out,
    )
    return out.getvalue()


def test_it_opens_an_account_with_a_first_password_and_a_duty():
    township = factories.township()
    said = create(township)
    user = User.objects.get(username="guanli")
    assert user.check_password(said.rstrip("\n").partition("：")[2])
    assert user.must_change_password
    assert Duty.objects.get(user=user).organization == township


@pytest.mark.parametrize(
    ("username", "duty", "told"),
    [("guanli", "secretary", "党支部"), ("taken", "staff", "已被使用")],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(username, duty, told):
    township = factories.township()
    taken = factories.user()
    User.objects.filter(pk=taken.pk).update(username="taken")
    with pytest.raises(CommandError, match=told):
        create(township, username, duty)
    assert User.objects.count() == 1
