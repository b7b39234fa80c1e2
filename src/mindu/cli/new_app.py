"""A new app: five small rooms and a test that already pass bronze, to be changed until yours."""

import argparse
import importlib
import re
from importlib.resources import files
from pathlib import Path
from string import Template

import mindu.apps
from mindu.base.records import Words
from mindu.cli.say import GOOD, Trouble, Voice

ROOMS = {
    "app.toml.tmpl": "app.toml",
    "init.tmpl": "__init__.py",
    "things.tmpl": "things.py",
    "full.tmpl": "full.py",
    "world.tmpl": "world.py",
}
PAPER = Path("docs/apps.md")
NAME = re.compile(r"[a-z][a-z]{1,23}")


def new(asked: argparse.Namespace, voice: Voice) -> int:
    """Write the app and say what to do next."""
    written = write(asked.name, apps=asked.into, tests=asked.tests)
    if listed_anew(asked.into):
        written.append(PAPER)
    listed = "\n".join(f"  {path}" for path in written)
    voice.data({"written": [str(path) for path in written]}, listed)
    voice.note(Words("Next: `make test`, then change the loop.", "下一步:make test,再修改回路。"))
    return GOOD


def listed_anew(into: Path) -> bool:
    """Write the paper on the apps anew, where the new app stands among those it lists."""
    from mindu.cli.apps import tables  # noqa: PLC0415 - it loads every app

    homes = [Path(home).resolve() for home in mindu.apps.__path__]
    if not PAPER.exists() or into.resolve() not in homes:
        return False
    importlib.invalidate_caches()
    PAPER.write_text(tables(), encoding="utf-8")
    return True


def write(name: str, *, apps: Path, tests: Path) -> list[Path]:
    """Write every room of a new app; nothing is overwritten.

    Raises:
        Trouble: the name is no Python package name, or the app is there already.
    """
    if not NAME.fullmatch(name):
        raise Trouble(
            Words(f"{name!r} is no name for an app.", f"{name!r} 不能作应用名。"),
            Words("Use 2 to 24 lower-case letters.", "请用 2 至 24 个小写字母。"),
        )
    folder, test = apps / name, tests / f"test_{name}.py"
    if folder.exists() or test.exists():
        raise Trouble(
            Words(f"{folder} or {test} is there already.", f"{folder} 或 {test} 已存在。"),
            Words("Take another name.", "请另取名。"),
        )
    if not apps.is_dir():
        raise Trouble(
            Words(f"There is no folder {apps}.", f"没有目录 {apps}。"),
            Words("Run this in the repository, or give --into.", "请在仓库中运行或用 --into。"),
        )
    folder.mkdir()
    tests.mkdir(parents=True, exist_ok=True)
    rooms = {folder / to: source for source, to in ROOMS.items()} | {test: "test.tmpl"}
    for path, source in rooms.items():
        text = files("mindu.cli").joinpath("template", source).read_text(encoding="utf-8")
        words = {"name": name, "Kind": name.capitalize()}
        path.write_text(Template(text).substitute(words), encoding="utf-8")
    return list(rooms)
