"""A folder that files are dropped into: read once whole, stored, then moved to `done` or `refused`.

A file counts as whole when its name does not begin with a dot or end in `.part`, and when its size
did not change between two looks. A file that is dropped again only brings duplicates.
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from mindu.edge.field.hand import handed
from mindu.edge.porch import Porch
from mindu.edge.settings import Drop
from mindu.perceive.said import Said
from mindu.perceive.wire.arrow import from_arrow, from_csv
from mindu.perceive.wire.rows import from_json, from_lines

LINES = 20_000  # lines of text read at once
READERS: dict[str, Callable[[bytes], Said]] = {
    ".csv": from_csv, ".json": from_json, ".ndjson": from_lines, ".jsonl": from_lines,
    ".arrow": from_arrow, ".arrows": from_arrow,
}  # fmt: skip


class FromFolder:
    """One folder."""

    def __init__(self, porch: Porch, told: Drop) -> None:
        """Watch this folder."""
        self._porch, self._told, self._folder = porch, told, Path(told.folder)
        self._sizes: dict[Path, int] = {}
        self.about, self.trouble = f"drop {told.folder}", ""

    async def run(self) -> None:
        """Look until cancelled."""
        for name in ("done", "refused"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        while True:
            for path in self.whole():
                await self.take(path)
            self.trouble = ""
            await asyncio.sleep(self._told.every)

    def whole(self) -> list[Path]:
        """Return the files that have come whole, oldest first."""
        found = [p for p in self._folder.iterdir() if p.is_file() and p.suffix in READERS]
        sizes = {p: p.stat().st_size for p in found if not p.name.startswith(".")}
        same = [p for p, size in sizes.items() if self._sizes.get(p) == size]
        self._sizes = sizes
        return sorted(same, key=lambda p: (p.stat().st_mtime, p.name))

    async def take(self, path: Path) -> None:
        """Store what one file says, then move it, with a receipt beside it."""
        told, lost, received = [], 0, 0
        for said in parts(path):
            receipt = await handed(self._porch, f"drop:{self._folder.name}", said)
            told.append(receipt)
            lost, received = lost + said.lost, received + said.received
        into = self._folder / ("refused" if received and lost == received else "done")
        target = into / path.name
        target.with_name(f"{path.name}.receipt.json").write_bytes(msgspec.json.encode(told))
        path.rename(target)
        self._sizes.pop(path, None)


def parts(path: Path) -> Iterator[Said]:
    """Yield what a file says, a bounded part at once; texts keep their heading."""
    decode = READERS[path.suffix]
    if path.suffix not in {".csv", ".ndjson", ".jsonl"}:
        yield decode(path.read_bytes())
        return
    with path.open("rb") as file:
        heading = file.readline() if path.suffix == ".csv" else b""
        while lines := list(islice(file, LINES)):
            yield decode(heading + b"".join(lines))
