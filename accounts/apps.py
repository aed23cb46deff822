from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        """Audit changes to accounts: not the password's hash, nor how a person likes to read."""
        # Its models can be imported only once all apps are loaded.
        from auditlog.registry import auditlog

        for name in ("User",):
            auditlog.register(
                self.get_model(name),
                exclude_fields=["password", "last_login", "script", "text_size"],
            )
