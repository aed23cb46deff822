from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CurriculumConfig(AppConfig):
    name = "curriculum"
    verbose_name = _("课程与清单")

    def ready(self) -> None:
        """Audit what people write; collect every app's menu.py, as Django's admin does admin.py."""
        # Its models can be imported only once all apps are loaded.
        from auditlog.registry import auditlog

        from branches import audit

        for name in ("Series", "Site", "Course", "WeeklyPolicy", "WeeklyMenu"):
            auditlog.register(self.get_model(name))
        auditlog.register(self.get_model("MenuEntry"), m2m_fields={"audience"})
        audit.trace(self.get_model("ChecklistItem"))
        autodiscover_modules("menu")
