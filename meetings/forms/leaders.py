"""What a leader says of a topic and of a meeting, and what the branch answers."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import CommentKind, ReviewDecision

# More than these at once nobody mends.
MOST_SHORTCOMINGS = 3

# What leaders say most often. Kept as it is written; who shows it looks it up.
PHRASES = (
    _("主题不够明确，会前准备不足"),
    _("联系本支部实际不够"),
    _("讨论不充分，发言的人少"),
    _("批评和自我批评不够深入"),
    _("议定事项没有明确责任人和时限"),
    _("会议记录不够规范"),
)


class DecisionForm(forms.Form):
    """Approve, with or without a remark; return, with one."""

    decision = forms.ChoiceField(choices=ReviewDecision.choices)
    topic = forms.CharField(max_length=100)
    remark = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("decision") == ReviewDecision.RETURNED and not data.get("remark"):
            self.add_error("remark", _("退回须写明意见。"))
        return data


class RemarkForm(forms.Form):
    """One line, such as the branch's answer."""

    text = forms.CharField(max_length=300, error_messages={"required": _("请写下内容。")})


class VisitForm(forms.Form):
    """“I am here”, and what the leader says on the spot, if anything."""

    text = forms.CharField(max_length=300, required=False)

    def remarks(self) -> list[tuple[str, str]]:
        text = self.cleaned_data["text"]
        return [(CommentKind.ON_SPOT, text)] if text else []


class CommentForm(forms.Form):
    """Up to three shortcomings, most of them one tap each, and what was good."""

    phrases = forms.MultipleChoiceField(
        label=_("不足（最多三条）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(label=_("其他不足"), max_length=300, required=False)
    good = forms.CharField(label=_("好的做法"), max_length=300, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="comment_%s", **kwargs)
        self.fields["phrases"].choices = [(str(n), text) for n, text in enumerate(PHRASES)]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Div("phrases", css_class="chips mb-3"), "text", "good")

    def clean(self) -> dict:
        data = super().clean()
        lacking = len(data.get("phrases", ())) + bool(data.get("text"))
        if lacking > MOST_SHORTCOMINGS:
            raise forms.ValidationError(_("一次最多指出三条不足，抓住要紧的。"))
        if not lacking and not data.get("good"):
            raise forms.ValidationError(_("请点选或写下内容。"))
        return data

    def remarks(self) -> list[tuple[str, str]]:
        said = self.cleaned_data
        found = [(CommentKind.LACKING, PHRASES[int(n)]) for n in said["phrases"]]
        if said["text"]:
            found.append((CommentKind.LACKING, said["text"]))
        if said["good"]:
            found.append((CommentKind.GOOD, said["good"]))
        return found
