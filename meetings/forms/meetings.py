"""Planning a meeting, filtering the list, adding photos, and the reasons that acts ask for."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches.models import Organization, PartyGroup
from meetings.models import MeetingKind, MeetingState
from meetings.photos import remade
from meetings.record import gathering

from .fields import PHOTOS_HELP, DateField, LongSelect, PhotosField, TimeField
from .record import title_for


class PlanForm(forms.Form):
    """When, where and about what; the rest is written down once it has been held."""

    kinds = forms.MultipleChoiceField(
        label=_lazy("类型（可多选，合并召开）"),
        choices=MeetingKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _lazy("请至少选择一种类型。")},
    )
    group = forms.ModelChoiceField(
        label=_lazy("党小组"), queryset=PartyGroup.objects.none(), required=False, empty_label="—"
    )
    title = forms.CharField(
        label=_lazy("主题"),
        max_length=100,
        required=False,
        help_text=_lazy("不填则按日期和类型自动生成"),
    )
    day = DateField(label=_lazy("日期"))
    starts_at = TimeField(label=_lazy("开始时间"), required=False)
    place = forms.CharField(label=_lazy("地点"), max_length=100, required=False)

    def __init__(self, branch: Organization, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        groups = branch.groups.filter(dissolved_on=None).order_by("pk")
        self.fields["group"].queryset = groups
        if not groups.exists():
            del self.fields["group"]
            self.fields["kinds"].choices = [
                (kind, label) for kind, label in MeetingKind.choices if kind != MeetingKind.GROUP
            ]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("kinds", css_class="chips mb-3"),
            *(["group"] if "group" in self.fields else []),
            "title",
            Div(Field("day"), Field("starts_at"), css_class="row"),
            "place",
        )

    def clean(self) -> dict:
        data = super().clean()
        kinds = data.get("kinds") or []
        if kinds and gathering(kinds) is None:
            self.add_error(
                "kinds", _("支委会、党小组会、谈心谈话的参加人员与其他会议不同，请分开计划。")
            )
        if MeetingKind.GROUP in kinds and not data.get("group"):
            self.add_error("group", _("请选择召开会议的党小组。"))
        if MeetingKind.GROUP not in kinds:
            data["group"] = None
        if not data.get("title") and data.get("day"):
            data["title"] = title_for(kinds, data["day"])
        return data


class ReasonForm(forms.Form):
    """Why a record is taken back or a meeting called off."""

    reason = forms.CharField(
        label=_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _lazy("请写明原因。")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class PhotosForm(forms.Form):
    photos = PhotosField(label=_lazy("添加照片"), help_text=PHOTOS_HELP, required=False)

    def clean_photos(self) -> list:
        return [remade(file) for file in self.cleaned_data["photos"]]


class MeetingFilterForm(forms.Form):
    """The filters above the list of meetings."""

    q = forms.CharField(label=_lazy("主题"), required=False)
    branch = forms.TypedChoiceField(
        label=_lazy("党支部"), coerce=int, empty_value=None, required=False, widget=LongSelect
    )
    kind = forms.ChoiceField(
        label=_lazy("类型"), choices=[("", _lazy("全部")), *MeetingKind.choices], required=False
    )
    state = forms.ChoiceField(
        label=_lazy("状态"),
        choices=[("", _lazy("全部")), *MeetingState.choices, ("late", _lazy("迟交"))],
        required=False,
    )
    month = forms.RegexField(
        label=_lazy("月份"),
        regex=r"^\d{4}-(0[1-9]|1[0-2])$",
        required=False,
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"invalid": _lazy("月份应写成“2026-11”的形式。")},
    )

    def __init__(self, branches, data=None) -> None:
        super().__init__(data)
        choices = list(branches)
        if len(choices) > 1:
            self.fields["branch"].choices = [("", _("全部")), *choices]
        else:
            del self.fields["branch"]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = (
                "form-control" if name in ("q", "month") else "form-select"
            )
