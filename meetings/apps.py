from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("组织生活")

    def ready(self) -> None:
        """Audit records and rules; services.py logs attendance, written in bulk, on its meeting."""
        # Its models can be imported only once all apps are loaded.
        from auditlog.registry import auditlog

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
            "CheckResult",
            "DatedDocument",
            "SharedText",
            "Prompt",
            "FillInField",
            "DuesMonth",
        ):
            auditlog.register(self.get_model(name))
