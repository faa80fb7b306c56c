"""`bench NAME… [--json]`: benchmarks, each in a database of its own; with `--json` the last line is one object."""

import json
import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

DEFAULT_BENCHMARKS = ("intake", "desk", "dashboard", "live", "language", "box")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "names", nargs="*", metavar="NAME", help=f"{', '.join(DEFAULT_BENCHMARKS)}; all of them"
        )
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")
        parser.add_argument("--cases", type=int, help="how many cases there are")
        parser.add_argument("--data", type=Path, help="a folder of labelled data, instead of data/")
        parser.add_argument("--seconds", type=int, help="how long to measure")
        parser.add_argument("--viewers", type=int, help="how many pages are open")
        parser.add_argument("--per-second", type=int, help="how much happens meanwhile")
        parser.add_argument("--seed", type=int, help="another draw of what happens")
        parser.add_argument("--days", type=int, help="how many ordinary days are played")

    def handle(self, *args: Any, names: list[str], json: bool, **options: Any) -> None:
        sys.path.insert(0, str(settings.ROOT))  # the benchmarks lie beside the package, not in it
        from bench import Options

        names_of_options = ("cases", "data", "seconds", "viewers", "per_second", "seed", "days")
        said = {name: options[name] for name in names_of_options}
        figures: dict[str, Any] = {}
        for name in names or DEFAULT_BENCHMARKS:
            options_ = Options(home=settings.BK_HOME / "bench" / name, **said)
            figures[name] = _load_benchmark(name).measure(options_)
            self.stdout.write(_format_table(name, figures[name]))
        if json:
            self.stdout.write(_format_json(figures[names[0]] if len(names) == 1 else figures))


def _load_benchmark(name: str) -> Any:
    if name.isidentifier() and find_spec(f"bench.{name}"):
        module = import_module(f"bench.{name}")
        if hasattr(module, "measure"):
            return module
    raise CommandError(f"There is no benchmark of this name: {name}")


def _format_table(name: str, figures: dict[str, Any]) -> str:
    """One figure a line; what has parts is spelt with dots."""
    flat = _flatten(figures)
    width = max(map(len, flat), default=0)
    return "\n".join([f"{name}:", *(f"  {key:<{width}}  {value}" for key, value in flat.items())])


def _flatten(figures: dict[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in figures.items():
        found |= _flatten(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return found


def _format_json(figures: dict[str, Any]) -> str:
    return json.dumps(figures, ensure_ascii=False)
