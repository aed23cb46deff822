"""Every route × every duty. A route without a row, or a row without a route, fails."""

import importlib

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests import world as world_module
from tests.access.rows import PEOPLE, Row

APPS = (
    "accounts",
    "notifications",
    "branches",
    "curriculum",
    "meetings",
    "inspections",
    "dashboard",
)
# An app with many routes has a module for each of its rooms beside its own.
ROOMS = ("attendance", "checks", "documents", "leaders", "plans", "records", "search")
MODULES = [
    importlib.import_module(f"tests.access.{name}")
    for app in APPS
    for name in (app, *(f"{app}_{room}" for room in ROOMS if app == "meetings"))
]
ACCESS: dict[str, Row] = {}
for module in MODULES:
    assert not set(ACCESS) & set(module.ACCESS)
    ACCESS |= module.ACCESS

# Routes without a person: health for the machine, pages before signing in have rows of their own.
MACHINE = {"healthz"}


def routes(resolver: URLResolver, prefix: str = "") -> set[str]:
    found = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found.add(f"{prefix}{pattern.name}")
        else:
            found |= routes(
                pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            )
    return found


def test_every_route_has_a_row():
    assert routes(get_resolver()) - MACHINE == set(ACCESS)


def status_of(response) -> int:
    signed_out = response.status_code == 302 and "/sign-in/?next=" in response.headers["Location"]
    return 401 if signed_out else response.status_code


def ask(row: Row, url: str, data, user) -> int:
    """Send the request as `user` and take back whatever it changed."""
    client = Client()
    with transaction.atomic():
        if user is not None:
            client.force_login(user, backend="branches.backends.DutyBackend")
        status = status_of(getattr(client, row.method)(url, data))
        transaction.set_rollback(True)
    return status


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(ACCESS))
def test_access(route):
    row = ACCESS[route]
    world = world_module.build()
    for module in MODULES:
        getattr(module, "build", lambda _world: None)(world)
    url = reverse(route, args=row.args(world) if row.args else [])
    data = row.data(world) if callable(row.data) else (row.data or {})
    got = {who: ask(row, url, data, world.people.get(who)) for who in PEOPLE}
    assert got == dict(zip(PEOPLE, row.statuses, strict=True))
