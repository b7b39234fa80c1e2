"""A fold is brought every kind of record that it looks for: what it declares is what it reads."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mindu
from mindu.base import records

ROOMS = Path(mindu.__file__).parent


def folds() -> Iterator[tuple[str, ast.ClassDef]]:
    """Yield every class that declares what it takes, by its room."""
    for room in sorted([*ROOMS.glob("data/**/*.py"), *ROOMS.glob("brain/**/*.py")]):
        for one in ast.parse(room.read_text("utf-8")).body:
            if isinstance(one, ast.ClassDef) and declared(one):
                yield f"{room.stem}.{one.name}", one


def declared(fold: ast.ClassDef) -> set[str]:
    """Return the kinds that a fold says it takes."""
    said = [one for one in fold.body if isinstance(one, ast.Assign)]
    said = [one for one in said if ast.unparse(one.targets[0]) == "takes"]
    return {name.id for one in said for name in ast.walk(one.value) if isinstance(name, ast.Name)}


def looked_for(fold: ast.ClassDef) -> set[str]:
    """Return the kinds of records that a fold asks for by `isinstance`, wherever it does."""
    asked = [one for one in ast.walk(fold) if isinstance(one, ast.Call)]
    asked = [one for one in asked if ast.unparse(one.func) == "isinstance"]
    names = {n.id for one in asked for n in ast.walk(one.args[1]) if isinstance(n, ast.Name)}
    return {name for name in names if hasattr(records, name)}


@pytest.mark.parametrize(("name", "fold"), list(folds()))
def test_a_fold_takes_every_kind_that_it_looks_for(name: str, fold: ast.ClassDef) -> None:
    assert looked_for(fold) <= declared(fold), name


def test_the_folds_of_the_house_are_found() -> None:
    assert {"allowed.Allowed", "cases.Cases", "scores.Scores"} <= {name for name, _ in folds()}
