"""The state of an issue as a mark and a word."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections import rules
from inspections.models import Issue

register = template.Library()


@register.filter
def issue_state(issue: Issue, today: date) -> SafeString:
    """Return the badge: overdue with its days before anything else."""
    badge = '<span class="state state-{}">{}</span>'
    if issue.is_overdue(today):
        days = rules.days_over(issue.due_on, today)
        return format_html(badge, "overdue", _("逾期%(days)s天") % {"days": days})
    return format_html(badge, issue.state, issue.get_state_display())
