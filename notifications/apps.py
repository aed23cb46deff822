from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("消息")

    def ready(self) -> None:
        """Audit the calendar, which decides deadlines; notices are each person's own affair."""
        # Its models can be imported only once all apps are loaded.
        from auditlog.registry import auditlog

        auditlog.register(self.get_model("CalendarDay"))
