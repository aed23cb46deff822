"""That deploy/ speaks of this program: its variables, its commands, its files."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def variables(text: str) -> set[str]:
    return set(re.findall(r"\b(?:BADU_[A-Z_]+|DATABASE_URL|REDIS_URL)\b", text))


# Set by `runall` for its children; nobody else has to know it.
INTERNAL = {"BADU_READY_FILE"}


def read_by_the_program() -> set[str]:
    return variables("".join(path.read_text() for path in (ROOT / "config").rglob("*.py")))


def test_every_variable_of_the_kit_is_one_that_is_read():
    for file in [*DEPLOY.iterdir(), ROOT / "README.md"]:
        assert variables(file.read_text()) <= read_by_the_program(), file.name


def test_every_variable_that_is_read_is_explained():
    explained = re.findall(r"^\| `(\w+)` \|", (DEPLOY / "README.md").read_text(), re.MULTILINE)
    assert read_by_the_program() - INTERNAL <= set(explained)


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str
    parser.read(path)
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_what_is_there_without_rights(path):
    service = unit(path)["Service"]
    assert service["User"] == "badu"
    assert service["ProtectSystem"] == "strict"
    words = shlex.split(service["ExecStart"])
    assert words[:2] == ["/opt/badu/.venv/bin/python", "-m"]
    named = [word for word in words if "/" in word and not word.startswith("/")]
    assert all((ROOT / word).exists() for word in named)


def test_there_is_a_unit_for_each_process_of_runall():
    assert [path.stem for path in UNITS] == ["badu-beat", "badu-web", "badu-worker"]
