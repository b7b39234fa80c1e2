"""Run the benchmarks: one JSON line a figure, on standard output; progress on standard error."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.figure import Figure

APART = {"__main__", "figure"}


def names(only: str) -> list[str]:
    """Return the benchmark modules whose name begins with `only` (all when it is empty)."""
    found = [m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])]
    begin = only.replace("-", "_")
    chosen = [name for name in sorted(found) if name.startswith(begin) and name not in APART]
    if not chosen:
        offered = ", ".join(sorted(set(found) - APART))
        raise SystemExit(f"no benchmark begins with {only!r}; there are: {offered}")
    return chosen


def figures(only: str) -> Iterator[Figure]:
    """Yield the figures of every chosen benchmark, as they are measured."""
    for name in names(only):
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "figures"):
            print(f"benchmarks.{name} …", file=sys.stderr, flush=True)
            yield from module.figures()


if __name__ == "__main__":
    for figure in figures(sys.argv[1] if len(sys.argv) > 1 else ""):
        print(msgspec.json.encode(figure).decode(), flush=True)
