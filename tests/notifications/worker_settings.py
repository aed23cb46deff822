"""The product's settings with the tests' mail server, for real worker processes."""

from config.settings import *  # noqa: F403
from config.settings import VAR

EMAIL_BACKEND = "tests.notifications.mailbox.Mailbox"
EMAIL_FILE_PATH = VAR / "mails"
