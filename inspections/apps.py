from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = _("督查")

    def ready(self) -> None:
        """Audit every change of an issue; offer issues beside what is said at meetings."""
        # Its models can be imported only once all apps are loaded.
        from auditlog.registry import auditlog

        for name in ("Issue",):
            auditlog.register(self.get_model(name))
        autodiscover_modules("followups")
