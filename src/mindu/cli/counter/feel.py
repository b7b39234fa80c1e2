"""`mindu hotline feel`: learn how people feel from a line's history; kept if it beats the lexicon.

What people called a complaint or report is held against what they called an inquiry or suggestion;
of a file without such a column the titles say it. Nothing is written where the lexicon is better.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec

from mindu.base.records import Case
from mindu.base.time import SystemClock
from mindu.cli.counter.house import looked
from mindu.cli.counter.learn import by_people
from mindu.cli.hotline.files import messages
from mindu.cli.hotline.model import learned, written
from mindu.cli.say import GOOD, Voice, state
from mindu.engines.text import ModelError, load, mask, save
from mindu.engines.text.axes.heard import ORIGIN, Said, bare, kind_of, learn_feelings
from mindu.engines.text.topics import TopicModel

FILE = "feelings.model"
LARGEST = 256 << 20  # bytes of a model file


def feel(asked: argparse.Namespace, voice: Voice) -> int:
    """Learn, hold it against the lexicon, and keep the model if it is better."""
    folder = state(asked.data)
    made = SystemClock().now().isoformat(timespec="seconds")
    said = [*_of_file(asked.file), *_of_log(folder)]
    model, skill = learned(lambda: learn_feelings(said, made=made))
    if skill.better:
        folder.mkdir(parents=True, exist_ok=True)
        written(folder / FILE, save(model))
    told = {**msgspec.to_builtins(skill), "kept": skill.better, "model": model.card.version}
    voice.data(told, "\n".join(f"{name:>12}: {value}" for name, value in told.items()))
    return GOOD


def _of_file(path: Path | None) -> Iterator[Said]:
    for one in messages(path) if path is not None else ():
        kind = kind_of(one.nature, one.title)
        if kind and one.body:
            yield mask(bare(one.body)).text, kind


def _of_log(folder: Path) -> Iterator[Said]:
    """Yield every case whose nature a person set."""
    with looked(folder) as office:
        numbers = list(office.cases)
        for number, sure in zip(numbers, by_people(office, numbers), strict=True):
            nature = office.cases.said(number, "nature")
            kind = kind_of(nature, "") if sure and nature else ""
            if kind:
                case = office.memory.log[number].record
                assert isinstance(case, Case), "a number of a case is that of its opening"
                yield bare(case.text), kind


class Feelings:
    """The model of a folder as it is now; none while there is no whole one."""

    def __init__(self, path: Path) -> None:
        """Have read nothing."""
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._model: TopicModel | None = None

    def __call__(self) -> TopicModel | None:
        """Return it, read anew where the file changed."""
        try:
            there = self._path.stat()
            if (there.st_mtime_ns, there.st_size) != self._seen:
                self._seen, self._model = (there.st_mtime_ns, there.st_size), None
                if there.st_size <= LARGEST:
                    model = load(self._path.read_bytes())
                    self._model = model if model.card.origin == ORIGIN else None
        except (OSError, ModelError):
            self._model = None
        return self._model
