"""What a branch says when it settles an item by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from curriculum.models import ChecklistItem

NOTE_LENGTH = 300


class FinishForm(forms.Form):
    """A note of what was done, demanded of required items only; never a photo or a file."""

    note = forms.CharField(
        label=_("完成情况"),
        max_length=NOTE_LENGTH,
        error_messages={"required": _("请用一句话写明怎么完成的。")},
    )

    def __init__(self, *args, item: ChecklistItem, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = item.is_required


class NotApplicableForm(forms.Form):
    note = forms.CharField(
        label=_("不适用的原因"),
        max_length=NOTE_LENGTH,
        error_messages={"required": _("选择“不适用”须写明原因。")},
    )
