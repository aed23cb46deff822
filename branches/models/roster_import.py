"""What an import did, row by row, so that it can be shown before and undone after."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q
from config.language import in_source_script


class ImportKind(models.TextChoices):
    ORGANIZATIONS = "organizations", _("党组织信息")
    ROSTER = "roster", _("党员花名册")


class ImportOutcome(models.TextChoices):
    CREATED = "created", _("新增")
    UPDATED = "updated", _("更新")
    UNCHANGED = "unchanged", _("无变化")
    REFUSED = "refused", _("不予导入")


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user) -> "RosterImportQuerySet":
        return self.filter(scope_q(user, prefix="organization__"))


class RosterImport(models.Model):
    """One uploaded spreadsheet: previewed, then applied, perhaps undone."""

    kind = models.CharField(_("种类"), max_length=20, choices=ImportKind.choices)
    organization = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="imports", verbose_name=_("党组织")
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    applied_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-uploaded_at"]

    @in_source_script
    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"


class ImportRow(models.Model):
    """One row of the sheet: what it says, what it will do, and what stood there before.

    `values`, `before` and `issues` are the sheet's own cells and an undo snapshot: their shape is
    the importer's alone and no query looks inside, hence JSON.
    """

    batch = models.ForeignKey(RosterImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("表中行号"))
    outcome = models.CharField(_("处理"), max_length=10, choices=ImportOutcome.choices)
    values = models.JSONField(default=dict)
    issues = models.JSONField(default=list)
    before = models.JSONField(null=True, blank=True)
    organization = models.ForeignKey(
        "branches.Organization", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    member = models.ForeignKey(
        "branches.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("导入行")
        verbose_name_plural = _("导入行")
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),
        ]
        indexes = [models.Index(fields=["batch", "outcome"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"
