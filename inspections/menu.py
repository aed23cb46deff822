"""Issues that are due, on the week of the branch that has to answer them."""

from collections.abc import Iterator

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.models import Organization
from curriculum.weekly import Week, item_rows, weekly_menu
from inspections.models import BRANCH_STATES, Issue


@weekly_menu.register("inspections")
def issues_due(branches: "QuerySet[Organization]", week: Week) -> Iterator[QuerySet]:
    """Offer what is due by the end of the week, or overdue, until it is answered."""
    due = Issue.objects.filter(
        branch__in=branches.order_by().values("pk"),
        state__in=BRANCH_STATES,
        due_on__lte=week.sunday,
    )
    number = Cast("pk", CharField())
    before, after = reverse("inspections:issue_detail", args=[0]).split("0")
    yield item_rows(
        due,
        branch="branch",
        key=Concat(Value("inspections.issue:"), number),
        title=Concat(Value(_("整改：")), "title"),
        detail=_("提交整改答复后自动勾选"),
        basis=_("问题清单"),
        due_on=F("due_on"),
        url=Concat(Value(before), number, Value(after)),
    )
