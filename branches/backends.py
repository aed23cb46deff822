"""Signing in, and loading the signed-in person with their duties in one statement."""

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from accounts.models import User
from branches.models import Duty
from notifications.models import unread_count


class DutyBackend(ModelBackend):
    """Password sign-in; no Django permissions, for duties say it all."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user with `duties_today` and `unread` set: the frame of every page."""
        duties = list(
            Duty.objects.in_force(timezone.localdate())
            .filter(user=user_id)
            .select_related("user", "organization")
            .annotate(unread=unread_count("user_id"))
            .order_by("pk")
        )
        if duties:
            user = duties[0].user
            user.unread = duties[0].unread or 0
        else:
            user = User.objects.annotate(unread=unread_count("pk")).filter(pk=user_id).first()
            if user is None:
                return None
            user.unread = user.unread or 0
        user.duties_today = duties
        return user if self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False
