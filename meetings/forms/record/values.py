"""The value of a field: as a browser sends it, and as the page shows it."""

from django import forms


def sent(form: forms.BaseForm, name: str) -> list[str]:
    """Return what a browser would send for the field, in a form that may be compared."""
    field, value = form.fields[name], form[name].value()
    if isinstance(field, forms.BooleanField):
        return ["on"] if value else []
    if isinstance(value, (list, tuple)):
        return sorted(str(one) for one in value)
    if hasattr(value, "strftime"):
        value = field.widget.format_value(value)
    text = "" if value is None else str(value)
    return [text.replace("\r\n", "\n").strip()]


def shown(form: forms.BaseForm, name: str) -> str:
    """Return the value of the field as the page shows it."""
    field, values = form.fields[name], sent(form, name)
    if isinstance(field, forms.ChoiceField):
        return "、".join(str(label) for key, label in field.choices if str(key) in values and key)
    return "".join(values)
