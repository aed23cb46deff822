"""What the rows of the logging form have in common: a place, a way out, and the row they keep."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _

MOST_ROWS = 60


class RowForm(forms.Form):
    """One row; `pk` names the row in the database that it was made from."""

    # The fields without which there is nothing to keep.
    essential: tuple[str, ...] = ()

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def is_kept(self) -> bool:
        data = self.cleaned_data
        return any(data.get(name) for name in self.essential) and not data.get("DELETE")


class BaseRows(BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("次序")
        form.fields["DELETE"].label = _("去掉这一项")

    @property
    def kept(self) -> list:
        """The rows that say something, in their order; the set must be valid."""
        return [form for form in self.ordered_forms if form.is_kept]


def rows_of(form: type[RowForm], *, extra: int = 1) -> type[BaseRows]:
    """One empty row is sent; scripts add more, and without them saving a draft does."""
    return formset_factory(
        form, formset=BaseRows, extra=extra, can_order=True, can_delete=True, max_num=MOST_ROWS
    )


def bound_if_sent(rows: type[BaseRows], data: Any, prefix: str, **given: Any) -> BaseRows:
    """Return the rows as sent; as known where the page had no place for them."""
    has_place = data is not None and f"{prefix}-TOTAL_FORMS" in data
    return rows(data if has_place else None, prefix=prefix, **given)
