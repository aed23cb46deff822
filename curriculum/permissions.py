"""Who may compose weeks, tick items and keep courses; predicates named after the action."""

from accounts.models import User
from branches.models import Organization
from branches.permissions import RECORDING, STEERING, acts_for
from curriculum.models import ChecklistItem, ItemState

COURSE_KEEPING = {"staff"}


def can_tick_items(user: User, branch: Organization) -> bool:
    """Finish, set aside and reopen the items of a branch's week."""
    return acts_for(user, branch, RECORDING)


def can_reopen_item(user: User, item: ChecklistItem) -> bool:
    """Undo what a person settled; what a record ticked follows the record."""
    by_hand = item.settled_by_id is not None
    return (
        by_hand
        and item.state in (ItemState.DONE, ItemState.NOT_APPLICABLE)
        and can_tick_items(user, item.checklist.branch)
    )


def can_compose_menu(user: User, township: Organization) -> bool:
    return acts_for(user, township, {"staff"})


def can_set_weekly_policy(user: User, township: Organization) -> bool:
    return acts_for(user, township, STEERING)


def can_keep_courses(user: User, township: Organization) -> bool:
    """Keep the township's catalogue: series, sites and courses."""
    return acts_for(user, township, COURSE_KEEPING)
