"""Password rules beyond Django's own (GB/T 22239 practice: three of four kinds of characters)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class CharacterKindsValidator:
    """Ask for at least `kinds` of: lower case, upper case, digits, other characters."""

    def __init__(self, kinds: int = 3) -> None:
        self.kinds = kinds

    def validate(self, password: str, user=None) -> None:
        found = sum(
            (
                any(c.islower() for c in password),
                any(c.isupper() for c in password),
                any(c.isdigit() for c in password),
                any(not c.isalnum() for c in password),
            )
        )
        if found < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("密码须含大写字母、小写字母、数字、符号中的至少%(kinds)s种。") % {
            "kinds": self.kinds
        }
