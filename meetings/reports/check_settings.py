"""Which checks a township has switched on, and with which numbers."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from meetings.checks.base import registry
from meetings.models import CheckSetting


class Setting(NamedTuple):
    """How one check is set: a threshold in the unit that the check names."""

    is_on: bool
    threshold: int


Settings = dict[str, Setting]


def settings_for(township_id: int | None) -> Settings:
    """Return how each check is set in a township; without a row of its own its default holds."""
    return settings_of([township_id])[township_id]


def settings_of(township_ids: Iterable[int | None]) -> dict[int | None, Settings]:
    """Return the settings of several townships, by their id, in one statement."""
    wanted = set(township_ids)
    own: dict[int | None, Settings] = defaultdict(dict)
    rows = CheckSetting.objects.filter(township__in=wanted - {None}).order_by()
    for township_id, code, is_on, threshold in rows.values_list(
        "township", "code", "is_on", "threshold"
    ):
        # A check that is gone leaves its setting behind.
        if code in registry:
            given = registry[code].threshold if threshold is None else threshold
            own[township_id][code] = Setting(is_on, given)
    default = {check.code: Setting(True, check.threshold) for check in registry}
    return {pk: default | own[pk] for pk in wanted}
