"""`bench [NAME…] [--json]`: run benchmarks and print their figures; with `--json` the last line is one JSON object."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

if TYPE_CHECKING:
    from bench import Benchmark

OPTION_NAMES = ("cases", "data", "seconds", "viewers", "per_second", "seed", "days")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = _format_benchmark_list(_load_registry())
        parser.add_argument(
            "names", nargs="*", metavar="NAME", help="a benchmark listed below; without a name those marked *"
        )
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")
        parser.add_argument("--cases", type=int, help="number of cases")
        parser.add_argument("--data", type=Path, help="a folder of labelled data, instead of data/")
        parser.add_argument("--seconds", type=int, help="duration of the measurement")
        parser.add_argument("--viewers", type=int, help="number of open pages")
        parser.add_argument("--per-second", type=int, help="number of events a second")
        parser.add_argument("--seed", type=int, help="seed of the random generator")
        parser.add_argument("--days", type=int, help="number of simulated ordinary days")

    def handle(self, *args: Any, names: list[str], json: bool, **options: Any) -> None:
        benchmarks = _select_benchmarks(names)
        values = {name: options[name] for name in OPTION_NAMES if options[name] is not None}
        for name in values:
            if not any(name in benchmark.options for benchmark in benchmarks):
                raise CommandError(
                    f"--{name.replace('_', '-')} is not an option of {', '.join(b.name for b in benchmarks)}."
                )
        from bench import Options

        figures: dict[str, Any] = {}
        for benchmark in benchmarks:
            own_values = {name: value for name, value in values.items() if name in benchmark.options}
            home = settings.BK_HOME / "bench" / benchmark.name
            figures[benchmark.name] = benchmark.load()(Options(home=home, **own_values))
            self.stdout.write(_format_table(benchmark.name, figures[benchmark.name]))
        if json:
            self.stdout.write(_format_json(figures[names[0]] if len(names) == 1 else figures))


def _load_registry() -> "Mapping[str, Benchmark]":
    if str(settings.ROOT) not in sys.path:
        sys.path.insert(0, str(settings.ROOT))  # bench/ lies beside the package, not in it
    from bench import BENCHMARKS

    return BENCHMARKS


def _select_benchmarks(names: Sequence[str]) -> "Sequence[Benchmark]":
    """Return the benchmarks of these names, or the default ones. Raises `CommandError` for an unknown name."""
    registry = _load_registry()
    if unknown := [name for name in names if name not in registry]:
        raise CommandError(f"There is no benchmark of this name: {unknown[0]}")
    return [registry[name] for name in names] or [each for each in registry.values() if each.default]


def _format_benchmark_list(registry: "Mapping[str, Benchmark]") -> str:
    """One line a benchmark: name, `*` if it runs by default, summary and options."""
    lines = ["benchmarks:"]
    for benchmark in registry.values():
        mark = "*" if benchmark.default else " "
        options = " ".join(f"--{name.replace('_', '-')}" for name in benchmark.options)
        lines.append(
            f"  {benchmark.name:<10}{mark} {benchmark.summary} {f'[{options}]' if options else ''}".rstrip()
        )
    return "\n".join(lines)


def _format_table(name: str, figures: dict[str, Any]) -> str:
    """One figure a line; names of nested figures are joined with dots."""
    flat = _flatten(figures)
    width = max(map(len, flat), default=0)
    return "\n".join([f"{name}:", *(f"  {key:<{width}}  {value}" for key, value in flat.items())])


def _flatten(figures: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in figures.items():
        flat |= _flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def _format_json(figures: dict[str, Any]) -> str:
    return json.dumps(figures, ensure_ascii=False)
