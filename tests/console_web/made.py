"""Where the browser's side lies, what it weighs, and the Node that tries it."""

import gzip
import re
import shutil
from hashlib import sha256
from pathlib import Path

import playwright

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
STATIC = ROOT / "src" / "mindu" / "console" / "static"
TYPES = "schema.d.ts"  # made from openapi.json by every check of types, and not kept
CONFIGS = ("openapi.json", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["'`](\.{1,2}/[^"'`]+\.js)["'`]""")


def node() -> str:
    """Return a Node: the one that the Playwright package brings, else the machine's own."""
    brought = Path(playwright.__file__).parent / "driver" / "node"
    return str(brought) if brought.exists() else str(shutil.which("node"))


def sources() -> list[Path]:
    """Return the files that the built ones are made from."""
    found = [p for p in (WEB / "src").rglob("*") if p.is_file() and p.name != TYPES]
    return [*found, *(WEB / name for name in CONFIGS)]


def built(root: Path = STATIC) -> list[Path]:
    """Return the files that a build wrote."""
    return [p for p in root.rglob("*") if p.is_file() and p.name != "made-from.txt"]


def digest(root: Path, paths: list[Path]) -> str:
    """Return one digest over names and contents, in the order of the names."""
    whole = sha256()
    for name in sorted(p.relative_to(root).as_posix() for p in paths):
        whole.update(f"{name}\n".encode())
        whole.update((root / name).read_bytes())
    return whole.hexdigest()


def packed(path: Path) -> int:
    """Return the bytes of a file as the wire carries it."""
    return len(gzip.compress(path.read_bytes(), compresslevel=9, mtime=0))


def reached(*doors: str) -> set[Path]:
    """Return the scripts that these need at once or later, themselves among them."""
    found: set[Path] = set()
    todo = [STATIC / door for door in doors]
    while todo:
        path = todo.pop().resolve()
        if path not in found:
            found.add(path)
            text = path.read_text(encoding="utf-8")
            todo += [path.parent / name for name in IMPORTED.findall(text)]
    return found
