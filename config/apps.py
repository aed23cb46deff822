from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Installed for its management commands and deployment checks; it has no models."""

    name = "config"
    verbose_name = "Badu"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - importing registers them
