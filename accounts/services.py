"""Giving somebody a first password; knowing whether mail reaches anybody."""

import secrets

from axes.utils import reset as lift_lockout
from django.conf import settings
from django.db import transaction

from accounts.models import User

# Read out over the telephone without mistakes: no 0/O, 1/l/I, 2/Z, 5/S.
UPPER, LOWER, DIGITS = "ABCDEFGHJKLMNPQRTUVWXY", "abcdefghijkmnpqrtuvwxy", "346789"
GROUPS = 3


def first_password() -> str:
    """Return a random password such as Kt7m-Pq4x-Rw9b: it keeps all rules of settings.py."""
    return "-".join(
        secrets.choice(UPPER)
        + secrets.choice(LOWER)
        + secrets.choice(DIGITS)
        + secrets.choice(LOWER)
        for _ in range(GROUPS)
    )


@transaction.atomic
def give_first_password(user: User) -> str:
    """Set a random password that must be changed at once; return it, to be shown this one time.

    Ends the sessions of the old password and a lockout, if there is one.
    """
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    lift_lockout(username=user.username)
    return password


def mail_is_on() -> bool:
    """Say whether this installation sends mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
