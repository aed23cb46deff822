"""Which branches hold a meeting together with this one."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy


class JointForm(forms.Form):
    branches = forms.ModelMultipleChoiceField(
        label=_lazy("联合召开的支部"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _lazy("请至少选择一个支部。")},
    )

    def __init__(self, branches, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branches"].queryset = branches
