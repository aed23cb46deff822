"""The benchmarks still run: each at a scale so small that its figures mean nothing."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.servers import ROOT

LINE = re.compile(r"^(\S+) +-?[\d.]+\S*(?: kB| MB)? +[\d.]+\S*(?: kB| MB)?  (?:PASS|FAIL)$")


def measured(tmp_path, *names: str) -> set[str]:
    """Run benchmarks on SQLite and return the names of their goals, as printed and as JSON."""
    file = tmp_path / "results.json"
    how = ["--scale", "smoke", "--engine", "sqlite", "--seconds", "0", "--json", str(file)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *names, *how],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [LINE.match(line) for line in done.stdout.splitlines()]
    assert all(lines), done.stdout
    goals = [line[1] for line in lines if line]
    assert goals == [goal["name"] for goal in json.loads(file.read_text())["goals"]]
    return {goal.replace(".sqlite.smoke", "") for goal in goals}


@pytest.mark.services
def test_weeks_records_and_pages_are_measured(tmp_path):
    goals = measured(tmp_path, "weeks", "records", "pages")
    assert {"weeks.first_run", "weeks.nothing_to_do", "weeks.memory"} <= goals
    assert {"records.time", "records.statements"} <= goals
    assert {"pages.matrix.limit_ratio", "pages.matrix.statements"} <= goals
    assert {"pages.frame.hello_ratio", "pages.frame.statements"} <= goals


@pytest.mark.services
def test_search_and_likeness_are_measured(tmp_path):
    goals = measured(tmp_path, "search", "likeness")
    assert {"search.rare_2.time", "search.rare_2.different_rows"} <= goals
    assert {"likeness.copied.time", "likeness.own.statements", "likeness.many.each"} <= goals


@pytest.mark.browser
def test_weights_are_measured_in_a_browser(tmp_path):
    goals = measured(tmp_path, "weight")
    assert {"weight.first_visit.size", "weight.matrix.requests", "weight.content_on_3g"} <= goals


def test_an_unknown_name_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nothing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "weeks, pages, records, search, likeness, weight, checks" in done.stderr
