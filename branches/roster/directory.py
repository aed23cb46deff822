"""Which organization a name means: by code, full name, short name, or either without its places."""

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from django.db.models import Q, QuerySet

from branches import paths
from branches.models import Organization, OrganizationKind
from branches.scripts import fold

_PARTY = re.compile(r"^(中国共产党|中共|中国共产党员)")
# Longest endings first; each group is one and the same thing said officially or in daily use.
_ENDINGS = (
    (re.compile(r"(党?总支部委员会|党?总支委员会|党?总支部|党总支|总支)$"), "党总支"),
    (re.compile(r"(党?支部委员会|党支委|支委会|党?支部)$"), "党支部"),
    (re.compile(r"(党委会|党?委员会|党委|委)$"), "党委"),
)
_LOOSE = re.compile(r"[第党]")
_DIGITS = str.maketrans("123456789", "一二三四五六七八九")
# What stands around a branch's name in a title or on a tab.
_LABELS = re.compile(r"^.{0,8}?[:：]|[（(].*?[)）]")
_TITLE_WORDS = re.compile(
    r"(正式|预备)?党员(基本)?(花名册|名册|名单|信息表?|信息采集表|统计表|台账|情况表)|花名册|名册|名单|信息表"
    r"|[-_—·]?(正式|预备)(党员)?$|\d{4}年?(\d{1,2}月)?"
)

# Looking for near names in a city takes a while; so many different unknown names get the help.
SUGGESTED_NAMES = 50


@lru_cache(maxsize=20_000)
def core(name: str) -> str:
    """Return a name without 中共 and with its ending in the daily form: …支部委员会 → …党支部."""
    text = _PARTY.sub("", fold(name))
    for pattern, ending in _ENDINGS:
        changed, count = pattern.subn(ending, text)
        if count:
            return changed
    return text


def ending(name: str) -> str:
    """Return 党总支, 党支部 or 党委 as the name ends, else an empty text."""
    text = core(name)
    return next((word for _pattern, word in _ENDINGS if text.endswith(word)), "")


def _loose(text: str) -> str:
    return _LOOSE.sub("", text.translate(_DIGITS))


def within_reach(organization: Organization | None) -> QuerySet[Organization]:
    """Return what a list for `organization` can mean: what is below it, and those it stands under."""
    reach = Organization.objects.order_by("path")
    if organization is None:
        return reach
    path = organization.path
    above = [path[:end] for end in range(paths.SEGMENT_WIDTH, len(path), paths.SEGMENT_WIDTH)]
    return reach.filter(Q(path__gte=path, path__lt=paths.end(path)) | Q(path__in=above))


class Directory:
    """The organizations of a scope by every name they go by."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self.organizations = list(organizations)
        self._places = self._place_names()
        # From the exact name to ever freer ones; the first that knows the text decides.
        self._tiers: list[dict[str, dict[int, Organization]]] = [
            defaultdict(dict) for _tier in range(4)
        ]
        for organization in self.organizations:
            self.add(organization)
        self._near: dict[str, list[str]] = {}

    def add(self, organization: Organization) -> None:
        key = organization.pk or id(organization)
        for name in (organization.code, organization.name, organization.short_name):
            if name:
                for tier, text in zip(self._tiers, self._keys(name), strict=True):
                    tier[text][key] = organization

    def find(self, name: str) -> list[Organization]:
        """Return the organizations that the name may mean; more than one is for people to settle."""
        for tier, text in zip(self._tiers, self._keys(name), strict=True):
            if text and (found := tier.get(text)):
                return list(found.values())
        return []

    def nearest(self, name: str) -> list[str]:
        """Return short names that are close to an unknown name."""
        bare = self.bare(name)
        if bare not in self._near:
            if len(self._near) >= SUGGESTED_NAMES:
                return []
            close = get_close_matches(bare, self._tiers[2].keys(), n=3, cutoff=0.5)
            self._near[bare] = [str(next(iter(self._tiers[2][text].values()))) for text in close]
        return self._near[bare]

    def branch_in(self, place: str) -> Organization | None:
        """Return the branch that a title or a tab names, if it names exactly one."""
        found = {}
        for line in place.splitlines():
            for part in [line, *re.split(r"\s{2,}|\u3000+", line)]:
                text = _TITLE_WORDS.sub("", _LABELS.sub("", fold(part)))
                for organization in self.find(text) if len(text) >= 3 else ():
                    if organization.kind == OrganizationKind.BRANCH:
                        found[organization.pk] = organization
        return next(iter(found.values())) if len(found) == 1 else None

    def bare(self, name: str) -> str:
        """Return a name without the county and the township it begins with."""
        text = core(name)
        for place in self._places:
            rest = text.removeprefix(place)
            # 杜村乡党委 stays what it is: nothing but the ending would be left.
            if rest != text and rest not in {"党委", "党总支", "党支部"}:
                text = rest
        return text

    def _keys(self, name: str) -> tuple[str, str, str, str]:
        bare = self.bare(name)
        return fold(name), core(name), bare, _loose(bare)

    def _place_names(self) -> list[str]:
        """Return 青阳县, then 杜村乡: counties first, as they stand in names."""
        self._places: list[str] = []
        for kind in (OrganizationKind.COUNTY, OrganizationKind.TOWNSHIP):
            self._places += sorted(
                {
                    self.bare(organization.name).removesuffix("党委")
                    for organization in self.organizations
                    if organization.kind == kind
                },
                key=len,
                reverse=True,
            )
        return [place for place in self._places if place]
