"""What staff fill in when they compose a week."""

from datetime import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Organization
from curriculum import reports
from curriculum.models import (
    Course,
    ItemKind,
    MenuEntry,
    MenuState,
    WeeklyMenu,
    WeeklyPolicy,
)
from curriculum.weekly import Week


class BranchChoices(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, branch: Organization) -> str:
        return str(branch)


class EntryForm(forms.ModelForm):
    """One item of a week. On a published menu it goes out at once, so the ceiling is asked here."""

    audience = BranchChoices(
        label=gettext_lazy("对象"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("不选即面向全部党支部。"),
    )
    accept_excess = forms.BooleanField(
        label=gettext_lazy("确认超过上限仍要列为必做"), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = MenuEntry
        fields = ["title", "kind", "due_on", "basis", "detail", "course", "audience"]
        widgets = {
            "kind": forms.RadioSelect,
            "due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {
            "basis": gettext_lazy("必做事项须写明，如文件名称或条款。"),
            "detail": gettext_lazy("怎样算完成，用一句话写清。"),
            "course": gettext_lazy("选定后，支部可从事项直接打开课程。"),
        }

    def __init__(self, *args, township: Organization, week: Week, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.township, self.week = township, week
        self.fields["kind"].choices = ItemKind.choices
        self.fields["kind"].initial = ItemKind.OFFERED
        self.fields["due_on"].initial = week.sunday
        self.fields["due_on"].widget.attrs |= {
            "min": week.monday.isoformat(),
            "max": week.sunday.isoformat(),
        }
        self.fields["audience"].queryset = (
            Organization.objects.branches().existing(week.monday).filter(township=township)
        )
        open_courses = Course.objects.filter(township=township, is_open=True)
        if self.instance.course_id:
            open_courses |= Course.objects.filter(pk=self.instance.course_id)
        self.fields["course"].queryset = open_courses.select_related("series")
        self.fields["course"].empty_label = _("不指定课程")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "title",
            Field("kind", wrapper_class="chips"),
            "accept_excess",
            Row(Column("due_on"), Column("basis")),
            "detail",
            "course",
            Field("audience", wrapper_class="chips"),
        )

    def clean_title(self) -> str:
        title = self.cleaned_data["title"]
        same = MenuEntry.objects.filter(
            menu__township=self.township, menu__monday=self.week.monday, title=title
        ).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("本周菜单里已有同名事项。"))
        return title

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on not in self.week:
            span = {"first": self.week.monday, "last": self.week.sunday}
            raise forms.ValidationError(_("时限应在本周内（%(first)s至%(last)s）。") % span)
        return due_on

    def clean(self) -> dict:
        data = super().clean()
        is_required = data.get("kind") == ItemKind.REQUIRED
        if is_required and "basis" in data and not data["basis"]:
            self.add_error("basis", _("必做事项须写明依据。"))
        if is_required and not self.errors and not data["accept_excess"] and self._is_published():
            self._refuse_excess(data)
        return data

    def _is_published(self) -> bool:
        menus = WeeklyMenu.objects.filter(township=self.township, monday=self.week.monday)
        return menus.filter(state=MenuState.PUBLISHED).exists()

    def _refuse_excess(self, data: dict) -> None:
        """Name the branches that this entry would take over the ceiling; only those count here."""
        audience = {branch.pk for branch in data["audience"]}
        asked = reports.week_load(
            self.township, self.week, replacing=self.instance, audience=audience
        ).load
        worse = [row for row in asked.excess if not audience or row.branch.pk in audience]
        if worse:
            self.fields["accept_excess"].widget = forms.CheckboxInput()
            self.add_error(
                "kind",
                _("下发后必做超过每周上限%(ceiling)s项：%(branches)s。请改为选做，或在下面确认。")
                % {"ceiling": asked.ceiling, "branches": reports.name_excess(worse)},
            )


class PublishForm(forms.ModelForm):
    """When a draft goes out: at once, or at a moment within its week or before."""

    publish_at = forms.DateTimeField(
        label=gettext_lazy("定时下发"),
        required=False,
        help_text=gettext_lazy("留空则立即下发。"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    accept_excess = forms.BooleanField(
        label=gettext_lazy("仍按此下发"),
        required=False,
    )

    class Meta:
        model = WeeklyMenu
        fields = ["note"]
        help_texts = {"note": gettext_lazy("显示在各支部清单的开头，可不填。")}

    def __init__(self, *args, load: reports.Load, at: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.load, self.at = load, at
        if not load.excess:
            del self.fields["accept_excess"]

    def clean_publish_at(self) -> datetime | None:
        publish_at = self.cleaned_data["publish_at"]
        if publish_at is None:
            return None
        if publish_at <= self.at:
            raise forms.ValidationError(_("定时下发的时间应晚于现在。"))
        if timezone.localdate(publish_at) > self.instance.sunday:
            raise forms.ValidationError(_("定时下发的时间应在本周结束以前。"))
        return publish_at

    def clean(self) -> dict:
        data = super().clean()
        if self.load.excess and not data.get("accept_excess"):
            self.add_error(
                "accept_excess",
                _("有党支部的必做事项超过上限，请减少或改为选做；确需如此的，勾选后再下发。"),
            )
        return data


class RecallForm(forms.Form):
    """Why an entry is taken back after publishing; the branches read it."""

    reason = forms.CharField(
        label=gettext_lazy("撤回原因"),
        max_length=300,
        error_messages={"required": gettext_lazy("请写明撤回原因，支部会看到。")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class PolicyForm(forms.ModelForm):
    class Meta:
        model = WeeklyPolicy
        fields = ["ceiling", "publish_hour"]
        help_texts = {
            "ceiling": gettext_lazy("超过时，下发前会提示是哪些支部、超出几项。建议不超过5项。"),
            "publish_hour": gettext_lazy(
                "每周一从这个整点起生成各支部清单，提醒只在办公时间送达。"
            ),
        }
