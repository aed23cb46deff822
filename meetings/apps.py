from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("组织生活")

    def ready(self) -> None:
        """Audit records and rules; collect every app's checks.py, as Django's admin does admin.py.

        Services log attendance, written in bulk, on its meeting, and what a branch says of a check.
        """
        # Its models can be imported only once all apps are loaded.
        from auditlog.registry import auditlog

        from branches import audit

        for name in (
            "Meeting",
            "Vote",
            "FixedAction",
            "Obligation",
            "Explanation",
            "ActivityPolicy",
            "TopicReview",
            "LeaderVisit",
            "Comment",
            "YearTemplate",
            "YearPlan",
            "CheckSetting",
            "DatedDocument",
            "SharedText",
            "Prompt",
            "FillInField",
            "DuesMonth",
        ):
            auditlog.register(self.get_model(name))
        audit.trace(self.get_model("CheckResult"))
        autodiscover_modules("checks")
