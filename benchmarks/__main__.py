"""Run the benchmarks: one JSON line a figure, on standard output; progress on standard error."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

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


def line(figure: Figure) -> str:
    """Return a figure as one line of JSON; numbers of numpy are numbers too."""
    return msgspec.json.encode(figure, enc_hook=_number).decode()


def _number(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a figure holds numbers and words, no {type(value).__name__}")


if __name__ == "__main__":
    for figure in figures(sys.argv[1] if len(sys.argv) > 1 else ""):
        print(line(figure), flush=True)
