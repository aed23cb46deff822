"""Forms for a township's own rules and for explaining a gap."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms import DayInput
from meetings.models import ActivityPolicy, Explanation, ExplanationKind, Obligation, Period

MAX_ACTIONS = 10


class ExplanationForm(forms.ModelForm):
    class Meta:
        model = Explanation
        fields = ("kind", "reason", "moved_to")
        widgets = {
            "kind": forms.RadioSelect,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "moved_to": DayInput(),
        }

    def __init__(self, *args, may_waive: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            choice
            for choice in ExplanationKind.choices
            if may_waive or choice[0] != ExplanationKind.WAIVED
        ]
        self.fields["kind"].initial = ExplanationKind.NOT_HELD
        self.fields["reason"].error_messages["required"] = _("请写明原因。")
        self.fields["moved_to"].help_text = _("只在改期时填写")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Div("kind", css_class="chips mb-3"), "reason", "moved_to")

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("kind") == ExplanationKind.MOVED and not cleaned.get("moved_to"):
            self.add_error("moved_to", _("改期须写明新的日期。"))
        return cleaned


class ObligationForm(forms.ModelForm):
    """A township's own version of a rule; services check that it asks at least as much."""

    class Meta:
        model = Obligation
        fields = ("times", "period", "article", "valid_from")
        widgets = {"valid_from": DayInput()}
        help_texts = {
            "article": _("乡镇文件名称或文号"),
            "valid_from": _("自这一天起的周期按新要求；以前的周期仍按当时的要求"),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = Period.choices


class ActivityPolicyForm(forms.ModelForm):
    """The fixed day and the time for handing in records, with the five fixed actions."""

    actions = forms.CharField(
        label=_("固定动作（每行一项）"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("从下面的日期起使用；以前的记录保持原样"),
    )
    actions_from = forms.DateField(label=_("固定动作自"), widget=DayInput())

    class Meta:
        model = ActivityPolicy
        fields = ("day", "roll", "window_days", "submit_within", "starts_at", "visits_a_year")
        widgets = {"starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts = {"visits_a_year": _("对每个联系点；各地做法，可按本乡镇规定填写")}

    def clean_actions(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["actions"].splitlines()]
        names = [line for line in lines if line]
        if len(names) > MAX_ACTIONS:
            raise forms.ValidationError(_("固定动作不超过%(max)s项。") % {"max": MAX_ACTIONS})
        if any(len(name) > 50 for name in names):
            raise forms.ValidationError(_("每项不超过50个字。"))
        if len(set(names)) < len(names):
            raise forms.ValidationError(_("有重复的固定动作。"))
        return names
