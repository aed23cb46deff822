"""A small county with two townships, one person per duty and one object per kind of page."""

from dataclasses import dataclass, field
from typing import Any

from branches.models import DutyKind
from tests import factories


@dataclass
class World:
    """What the access table and the page walks stand in; `people` maps names to users."""

    county: Any
    township: Any
    branch: Any
    other_branch: Any
    other_township: Any
    people: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """Read an object made by one of the apps' `build` functions: world.meeting."""
        try:
            return self.__dict__["objects"][name]
        except KeyError:
            raise AttributeError(name) from None


def build() -> World:
    """Make the organizations and people; the objects come from tests/access/<app>.py."""
    county = factories.county()
    township = factories.township(parent=county)
    other_township = factories.township("木镇镇党委", parent=county)
    branch = factories.branch("上峰村第一党支部", parent=township)
    world = World(
        county=county,
        township=township,
        branch=branch,
        other_branch=factories.branch("五阳村第一党支部", parent=township),
        other_township=other_township,
    )
    world.people = {
        "secretary": factories.person(DutyKind.SECRETARY, branch),
        "committee": factories.person(DutyKind.COMMITTEE, branch),
        "neighbour": factories.person(DutyKind.SECRETARY, world.other_branch, "邻支部书记"),
        "staff": factories.person(DutyKind.STAFF, township),
        "leader": factories.person(DutyKind.LEADER, township),
        "township_secretary": factories.person(DutyKind.TOWNSHIP_SECRETARY, township),
        "observer": factories.person(DutyKind.OBSERVER, county),
        "stranger": factories.person(DutyKind.STAFF, other_township, "外乡党务工作者"),
        "administrator": factories.person(DutyKind.ADMINISTRATOR, township),
        "auditor": factories.person(DutyKind.AUDITOR, township),
    }
    factories.contact_point(world.people["leader"], branch)
    world.objects["member"] = factories.member(branch, "李建国", initials="ljg")
    return world
