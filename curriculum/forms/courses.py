"""The catalogue: filters, courses, series and sites."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.search import containing
from curriculum.models import Channel, Course, CourseKind, Series, Site


class CourseFilter(forms.Form):
    """What narrows the list of courses; everything may stay empty."""

    q = forms.CharField(label=_("课程名称"), required=False, max_length=50)
    series = forms.ModelChoiceField(
        label=_("系列"), required=False, queryset=None, empty_label=_("全部系列")
    )
    kind = forms.ChoiceField(
        label=_("理论或实务"), required=False, choices=[("", _("全部")), *CourseKind.choices]
    )
    channel = forms.ChoiceField(
        label=_("线上或线下"), required=False, choices=[("", _("全部")), *Channel.choices]
    )
    field = forms.CharField(label=_("领域"), required=False, max_length=20)
    site = forms.ModelChoiceField(
        label=_("教学点"), required=False, queryset=None, empty_label=_("全部教学点")
    )
    closed = forms.BooleanField(label=_("含已停用"), required=False)

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = Series.objects.visible_to(user)
        self.fields["site"].queryset = Site.objects.visible_to(user)

    def narrow(self, courses: "QuerySet[Course]") -> "QuerySet[Course]":
        wanted = self.cleaned_data if self.is_valid() else {}
        if words := wanted.get("q", "").strip():
            courses = courses.filter(containing(words, "title", "lecturer"))
        for name in ("series", "kind", "channel", "field", "site"):
            if value := wanted.get(name):
                courses = courses.filter(**{name: value})
        return courses if wanted.get("closed") else courses.filter(is_open=True)


class CourseForm(forms.ModelForm):
    link = forms.URLField(
        label=_("学习材料链接"),
        required=False,
        assume_scheme="https",
        help_text=_("公开的学习材料网址，可不填。请勿链接内部文件。"),
        error_messages={"invalid": _("请填写完整的网址，以https://开头。")},
    )

    class Meta:
        model = Course
        fields = [
            "title",
            "series",
            "field",
            "kind",
            "channel",
            "hours",
            "site",
            "lecturer",
            "suits",
            "outline",
            "link",
        ]
        widgets = {"outline": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "field": _("如安全生产、人居环境整治、乡村振兴、党史、党务、政策法规、会议精神。"),
            "hours": _("学完折合的学时，半天按4学时、不足半天按实际。"),
        }

    def __init__(self, *args, township: Organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Set before validation, so that a title used twice is refused at the field's form.
        self.instance.township = township
        self.fields["series"].queryset = Series.objects.filter(township=township)
        self.fields["site"].queryset = Site.objects.filter(township=township)
        self.fields["site"].empty_label = _("不指定教学点")
        self.fields["series"].empty_label = _("请选择")
        self.fields["kind"].choices = [("", _("请选择")), *CourseKind.choices]

    def clean_title(self) -> str:
        return _once(self, Course, "title", _("已有同名课程。"))


class SeriesForm(forms.ModelForm):
    class Meta:
        model = Series
        fields = ["name", "description", "position"]

    def __init__(self, *args, township: Organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.township = township

    def clean_name(self) -> str:
        return _once(self, Series, "name", _("已有同名系列。"))


class SiteForm(forms.ModelForm):
    class Meta:
        model = Site
        fields = ["name", "theme", "address", "capacity", "opening_hours"]

    def __init__(self, *args, township: Organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.township = township

    def clean_name(self) -> str:
        return _once(self, Site, "name", _("已有同名教学点。"))


def _once(form: forms.ModelForm, model, field: str, message: str) -> str:
    """Refuse a name that the township uses already, at its own field."""
    value = form.cleaned_data[field]
    same = model.objects.filter(township=form.instance.township, **{field: value})
    if same.exclude(pk=form.instance.pk).exists():
        raise forms.ValidationError(message)
    return value
