"""The same as in Simplified script."""

from config.formats.zh_Hans.formats import *  # noqa: F403
