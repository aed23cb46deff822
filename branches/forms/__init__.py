"""Forms of this app, and the one way in which a service's refusal becomes an error at a field."""

from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _


class DayInput(forms.DateInput):
    """The browser's own date field; it understands ISO dates only."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def laid_out(*fields: Any) -> FormHelper:
    """Return a crispy helper for fields inside a page's own form; without any, all in order."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if fields:
        helper.layout = Layout(*fields)
    return helper


def carry_out(form: forms.BaseForm, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Call the service; put what it refuses at the form's fields and return False then."""
    try:
        verb(*args, **kwargs)
    except ValidationError as error:
        _add_errors(form, error)
        return False
    except IntegrityError:
        form.add_error(None, _("刚刚有人改动了同一条信息，请核对后再提交。"))
        return False
    return True


def _add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put errors at their fields, and those of fields that the form does not show at its top."""
    by_field = error.update_error_dict({})
    for name, errors in by_field.items():
        known = name in form.fields and name != NON_FIELD_ERRORS
        form.add_error(name if known else None, errors)
