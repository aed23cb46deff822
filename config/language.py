"""The script of what is kept."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

Given = ParamSpec("Given")
Result = TypeVar("Result")


def in_source_script(verb: Callable[Given, Result]) -> Callable[Given, Result]:
    """Let a verb compose the texts it keeps in Simplified script, whoever asks for it.

    A notice, an item of a checklist or a line of the audit log is read by others than its author.
    Errors the verb raises for its author have to be lazy. (Django's own `override` cannot be the
    decorator: one object would remember the script of all threads.)
    """

    @wraps(verb)
    def write(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        with translation.override(settings.LANGUAGE_CODE):
            return verb(*args, **kwargs)

    return write
