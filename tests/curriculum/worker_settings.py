"""The product's settings with a source of items that is slow the first time."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.curriculum.slow"]
