"""The registry in `bench/__init__.py` lists every benchmark and the contract's names."""

import subprocess
import sys

import pytest

from bekhedmetkom.interfaces.cli.management.commands.bench import OPTION_NAMES
from bench import BENCHMARKS, PROJECT_ROOT

CONTRACT_NAMES = {"intake", "desk", "dashboard", "live", "language", "box"}


def test_registry_lists_every_module_that_measures() -> None:
    folder = PROJECT_ROOT / "bench"
    modules = {
        path.parent.name if path.name == "__init__.py" else path.stem
        for path in (*folder.glob("[a-z]*.py"), *folder.glob("*/__init__.py"))
        if "\ndef measure(options: Options)" in path.read_text("utf-8")
    }
    assert modules == set(BENCHMARKS)


def test_contract_benchmarks_run_without_a_name() -> None:
    assert {name for name, benchmark in BENCHMARKS.items() if benchmark.default} == CONTRACT_NAMES


@pytest.mark.parametrize("name", BENCHMARKS)
def test_options_are_options_of_the_command(name: str) -> None:
    assert set(BENCHMARKS[name].options) <= set(OPTION_NAMES)


def test_help_imports_no_benchmark() -> None:
    script = (
        "import sys\nfrom bekhedmetkom.interfaces.cli.main import main\n"
        "sys.argv = ['bekhedmetkom', 'bench', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('loaded:', sorted(name for name in sys.modules if name.startswith('bench.')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PROJECT_ROOT
    )
    assert run.stdout.splitlines()[-1] == "loaded: []"
    assert all(f"  {name}" in run.stdout for name in BENCHMARKS)
