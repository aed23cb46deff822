from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    """The forms of organizational life; one meeting may be several at once (合并召开)."""

    ASSEMBLY = "assembly", _("支部党员大会")
    COMMITTEE = "committee", _("支委会")
    GROUP = "group", _("党小组会")
    LECTURE = "lecture", _("党课")
    THEME_DAY = "theme_day", _("主题党日（5+X）")
    ORG_LIFE = "org_life", _("组织生活会")
    EVALUATION = "evaluation", _("民主评议党员")
    TALK = "talk", _("谈心谈话")
