"""What staff wrote into the week, a term that ends, and one recommended course."""

from collections.abc import Iterator

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Concat, RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.models import Organization
from branches.reports import branches_with_ending_term
from branches.rules import add_months
from curriculum.models import (
    ChecklistItem,
    Course,
    ItemKind,
    ItemState,
    MenuEntry,
    MenuState,
    WeeklyMenu,
)
from curriculum.weekly import Week, item_rows, weekly_menu

ENTRY_KEY = "curriculum.entry:"
# An election is only offered as a matter of the week until its term is as near to its end as this.
ELECTION_REQUIRED_MONTHS = 1


@weekly_menu.register("curriculum")
def curriculum_items(branches: "QuerySet[Organization]", week: Week) -> Iterator[QuerySet]:
    published = WeeklyMenu.objects.filter(monday=week.monday, state=MenuState.PUBLISHED)
    yield from entry_rows(branches, published)
    yield from _elections(branches, week)
    yield _recommended_course(branches, week)


def entry_rows(
    branches: "QuerySet[Organization]", menus: "QuerySet[WeeklyMenu]"
) -> Iterator[QuerySet]:
    """Yield the entries of `menus` as item rows: those for every branch, then those for some."""
    menus = menus.order_by().values("pk")
    everyone = branches.filter(
        township__menus__in=menus,
        township__menus__entries__isnull=False,
        township__menus__entries__audience=None,
    )
    some = MenuEntry.audience.through.objects.filter(
        menuentry__menu__in=menus, organization__in=branches.order_by().values("pk")
    )
    yield _entry_rows(everyone, branch="pk", entry="township__menus__entries")
    yield _entry_rows(some, branch="organization", entry="menuentry")


def _entry_rows(rows: QuerySet, *, branch: str, entry: str) -> QuerySet:
    texts = {name: F(f"{entry}__{name}") for name in ("kind", "title", "detail", "basis", "due_on")}
    return item_rows(
        rows,
        branch=branch,
        key=_numbered(ENTRY_KEY, f"{entry}__pk"),
        url=Case(
            When(**{f"{entry}__course__isnull": False}, then=_course_url(f"{entry}__course")),
            default=Value(""),
            output_field=CharField(),
        ),
        **texts,
    )


def _elections(branches: "QuerySet[Organization]", week: Week) -> Iterator[QuerySet]:
    """Remind of elections (支部工作条例 art. 21); once settled, a matter is not asked again."""
    ending = branches_with_ending_term(week.monday).filter(
        organization__in=branches.order_by().values("pk")
    )
    near = add_months(week.monday, ELECTION_REQUIRED_MONTHS)
    for kind, terms in (
        (ItemKind.REQUIRED, ending.filter(ends_on__lte=near)),
        (ItemKind.OFFERED, ending.filter(ends_on__gt=near)),
    ):
        settled = ChecklistItem.objects.filter(
            key=_numbered("curriculum.term:", OuterRef("pk")),
            kind=kind,
            checklist__branch=OuterRef("organization"),
            state__in=(ItemState.DONE, ItemState.NOT_APPLICABLE),
        ).exclude(checklist__monday=week.monday)
        yield item_rows(
            terms.exclude(Exists(settled)),
            branch="organization",
            key=_numbered("curriculum.term:", "pk"),
            kind=kind,
            title=_("筹备换届选举"),
            detail=_("向乡镇党委报送换届请示；获准提前或延期的，登记批复"),
            basis=_("《支部工作条例》第21条"),
            due_on=week.sunday,
            url="/organizations/{branch}/",
        )


def _recommended_course(branches: "QuerySet[Organization]", week: Week) -> QuerySet:
    """Offer one open course of the township, a different one each week."""
    courses = Course.objects.filter(is_open=True).annotate(
        place=Window(
            RowNumber(), partition_by=F("township"), order_by=[F("series__position"), F("pk")]
        ),
        total=Window(Count("pk"), partition_by=F("township")),
    )
    weeks_since_year_1 = week.monday.toordinal() // 7
    chosen = courses.filter(place=Value(weeks_since_year_1) % F("total") + 1).values("pk")
    return item_rows(
        branches.filter(township__courses__in=chosen),
        key=_numbered("curriculum.course:", "township__courses__pk"),
        kind=ItemKind.OFFERED,
        title=Concat(Value(_("选学课程：")), F("township__courses__title")),
        detail=_("可安排在党课、主题党日或屋场夜话中学习"),
        due_on=week.sunday,
        url=_course_url("township__courses__pk"),
    )


def _numbered(prefix: str, pk) -> Concat:
    return Concat(Value(prefix), Cast(pk, CharField()), output_field=CharField())


def _course_url(pk: str) -> Concat:
    """The page of the course whose key is in the column `pk`."""
    before, after = reverse("curriculum:course_detail", args=[0]).split("0")
    return Concat(
        Value(before), Concat(Cast(pk, CharField()), Value(after)), output_field=CharField()
    )
