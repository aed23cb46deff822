"""Django's admin over the same data, to compare with; the product itself has none.

As Django sets up a new project: pages and files as they are, from the same web server.
"""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, MIDDLEWARE, STATICFILES_FINDERS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin.apps.SimpleAdminConfig"]
MIDDLEWARE = [name for name in MIDDLEWARE if name != "django.middleware.gzip.GZipMiddleware"]
STATICFILES_FINDERS = [
    *STATICFILES_FINDERS,
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
ROOT_URLCONF = "benchmarks.admin_urls"
