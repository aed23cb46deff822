from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = _("党组织")

    def ready(self) -> None:
        """Every change to these rows leaves a line in the audit log: who, when, what."""
        # Its models can be imported only once all apps are loaded.
        from auditlog.registry import auditlog

        for name in (
            "Organization",
            "PartyGroup",
            "Term",
            "Member",
            "Membership",
            "Exemption",
            "Post",
            "Duty",
            "ContactPoint",
            "StandIn",
            "FloatingContact",
            "RosterImport",
            "Suggestion",
        ):
            auditlog.register(self.get_model(name))
