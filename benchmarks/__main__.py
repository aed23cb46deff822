"""python -m benchmarks NAME... [--scale SCALE] [--engine ENGINE] [--json FILE]

Prints one line for each goal: its name, the value, the most it may be, and PASS or FAIL.
On PostgreSQL where DATABASE_URL names a server (script/benchmark starts one), and on SQLite.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import checks, likeness, pages, records, search, stages, weeks, weight  # noqa: E402
from benchmarks.measure import Line  # noqa: E402

BENCHMARKS = {
    "weeks": weeks,
    "pages": pages,
    "records": records,
    "search": search,
    "likeness": likeness,
    "weight": weight,
    "checks": checks,
}
# The scales each is about. A phone does not feel how large the county is.
SCALES = {
    "weeks": ("county", "city"),
    "pages": ("township", "county", "city"),
    "records": ("county", "city"),
    "search": ("county", "city"),
    "likeness": ("county", "city"),
    "weight": ("township",),
    "checks": ("county", "city"),
}
ENGINES = (stages.POSTGRESQL, stages.SQLITE)


def main() -> int:
    options = _options()
    wanted = list(BENCHMARKS) if options.all else options.names
    call_command("collectstatic", interactive=False, verbosity=0)
    lines = []
    for line in _lines(wanted, options):
        print(line, flush=True)
        lines.append(line)
    failed = [line for line in lines if not line.is_met]
    stages.say(f"{len(lines) - len(failed)} of {len(lines)} goals met")
    if options.json:
        _write(options.json, lines)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--all", action="store_true", help="all of them")
    parser.add_argument("--scale", choices=stages.SCALES, help="this scale alone")
    parser.add_argument("--engine", choices=ENGINES, help="this database alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument("--seconds", type=float, default=6, help="for each set measured in turn")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown or not (options.names or options.all):
        parser.error(f"name one or more of {', '.join(BENCHMARKS)}, or --all")
    return options


def _lines(wanted: list[str], options: argparse.Namespace) -> Iterator[Line]:
    engines = [options.engine] if options.engine else list(ENGINES)
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        with suppress(ValueError):
            engines.remove(stages.POSTGRESQL)
            stages.say("No PostgreSQL in DATABASE_URL: measuring on SQLite alone")
    for engine in engines:
        built: dict[str, stages.Stage] = {}
        for name in wanted:
            if name == "weight" and engine != engines[-1]:
                continue  # the bytes of a page do not depend on the database
            scales = [options.scale] if options.scale else SCALES[name]
            for scale in scales:
                if scale not in built:
                    built[scale] = stages.build(engine, scale)
            stages.say(f"{engine}: {name}")
            on_stage = [built[scale] for scale in scales]
            yield from BENCHMARKS[name].run(on_stage, seconds=options.seconds)
        for stage in built.values():
            stage.wrapper.close()


def _write(path: Path, lines: list[Line]) -> None:
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "django": django.get_version(),
        "processors": os.cpu_count(),
        "goals": [
            {
                "name": line.name,
                "value": round(line.value, 4),
                "goal": line.goal,
                "unit": line.unit.strip(),
                "is_met": line.is_met,
                **line.details,
            }
            for line in lines
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
