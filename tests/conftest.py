"""Fixtures for all tests. Servers are started when a test first asks for one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import servers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="run only the tests that touch the database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    uses = {item: touches_database(item) for item in items}
    config.hook.pytest_deselected(items=[item for item, used in uses.items() if not used])
    items[:] = [item for item, used in uses.items() if used]


def touches_database(item: pytest.Item) -> bool:
    asks = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asks) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: the run's own where it has one."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        yield url
        return
    with servers.postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of an empty PostgreSQL database."""
    return servers.new_database(postgres_server)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis server, for this test process alone."""
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return a function from "" or a PostgreSQL server to a migrated database to be copied."""
    made: dict[str, str] = {}

    def template(server: str) -> str:
        if server not in made:
            var = tmp_path_factory.mktemp("migrated")
            it = servers.Installation(var, servers.new_database(server) if server else "")
            it.manage("migrate", "--verbosity=0")
            it.manage("createcachetable")
            made[server] = it.env()["DATABASE_URL"]
        return made[server]

    return template


@pytest.fixture(params=["embedded", "servers"])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Callable[[str], str]
) -> Iterator[servers.Installation]:
    """An installation with a migrated database and no processes yet.

    Once with SQLite and the queue of files, once with PostgreSQL and Redis.
    """
    if request.param == "embedded":
        source = migrated("").removeprefix("sqlite:///")
        it = servers.Installation(tmp_path)
        servers.copy_sqlite(Path(source), tmp_path / "badu.sqlite3")
    else:
        server = request.getfixturevalue("postgres_server")
        name = migrated(server).partition("?")[0].rpartition("/")[2]
        it = servers.Installation(
            tmp_path,
            servers.new_database(server, template=name),
            request.getfixturevalue("redis_url"),
        )
        servers.empty_redis(it.redis_url)
    yield it
    it.stop_all()


@pytest.fixture
def worker(installation: servers.Installation) -> servers.Installation:
    """The installation with a real worker and a real beat running."""
    installation.start("worker")
    installation.start("beat")
    return installation


@pytest.fixture
def port(installation: servers.Installation) -> int:
    """The port that `runall` will listen on."""
    number = servers.free_port()
    installation.environment["PORT"] = str(number)
    return number
