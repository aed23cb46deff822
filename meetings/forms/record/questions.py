"""The plain fields of the logging form; its rows are formsets beside them."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from meetings.forms.fields import PHOTOS_HELP, DateField, PhotosField, TimeField
from meetings.models import MeetingKind


class RecordQuestions(forms.Form):
    """Everything that is asked once on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Of a new meeting: the same form sent twice makes one meeting.
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    kinds = forms.MultipleChoiceField(
        label=_lazy("类型（可多选，合并召开）"),
        choices=MeetingKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _lazy("请至少选择一种类型。")},
    )
    group = forms.TypedChoiceField(
        label=_lazy("党小组"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_lazy("主题"),
        max_length=100,
        required=False,
        help_text=_lazy("不填则按日期和类型自动生成"),
    )
    day = DateField(label=_lazy("日期"))
    starts_at = TimeField(label=_lazy("开始时间"), required=False)
    ends_at = TimeField(label=_lazy("结束时间"), required=False)
    place = forms.CharField(label=_lazy("地点"), max_length=100, required=False)
    chair = forms.TypedChoiceField(
        label=_lazy("主持人"), coerce=int, empty_value=None, required=False
    )
    recorder = forms.TypedChoiceField(
        label=_lazy("记录人"), coerce=int, empty_value=None, required=False
    )
    chair_note = forms.CharField(
        label=_lazy("主持说明"),
        max_length=100,
        required=False,
        help_text=_lazy("非书记主持的，写明受书记委托（条例第14条）"),
    )
    first_title = forms.CharField(
        label=_lazy("学习的文件或讲话"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "recent-topics", "autocomplete": "off"}),
    )
    first_source_on = DateField(label=_lazy("文件或讲话日期"), required=False)
    first_speaker = forms.CharField(label=_lazy("领学人"), max_length=50, required=False)
    first_minutes = forms.CharField(
        label=_lazy("讨论要点"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    first_resolution = forms.CharField(
        label=_lazy("贯彻措施"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    fixed = forms.MultipleChoiceField(
        label=_lazy("五项固定动作"), required=False, widget=forms.CheckboxSelectMultiple
    )
    optional = forms.CharField(
        label=_lazy("自选动作（X）"),
        max_length=200,
        required=False,
        help_text=_lazy("如谈心谈话、现场教学、屋场夜话；没有可不填"),
    )
    lecture_title = forms.CharField(label=_lazy("党课题目"), max_length=200, required=False)
    lecture_speaker = forms.CharField(label=_lazy("授课人"), max_length=50, required=False)
    lecture_course = forms.TypedChoiceField(
        label=_lazy("课程目录中的课程"), coerce=int, empty_value=None, required=False
    )
    lecture_minutes = forms.CharField(
        label=_lazy("党课要点"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    leaders = forms.MultipleChoiceField(
        label=_lazy("联系领导列席"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = forms.CharField(
        label=_lazy("其他列席人员"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("姓名后空一格写职务，多人用顿号或换行分开；列席不计入应到、实到"),
    )
    summary = forms.CharField(
        label=_lazy("主持人总结"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    late_note = forms.CharField(label=_lazy("迟交说明"), max_length=200, required=False)
    photos = PhotosField(label=_lazy("照片"), required=False, help_text=PHOTOS_HELP)
    # What was served of each field, so that what two people wrote can be told apart.
    served = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_lazy("修改原因"), max_length=200, required=False)
