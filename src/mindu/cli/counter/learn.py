"""`mindu hotline learn`: the nightly training, from what people made of the cases; with its proof.

The model lies beside the log; its card and what was certified of it are records. A city without
history starts on our own seed set, which sorts for people and sends nothing alone.
"""

import argparse
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from mindu.apps.hotline.topics import topic_of
from mindu.base.records import Case, Move
from mindu.base.time import SystemClock
from mindu.brain.casework.dispatch import group_of
from mindu.brain.casework.forwarding import Certificate
from mindu.brain.casework.office import Office
from mindu.cli.counter.beside import Renew
from mindu.cli.counter.house import looked
from mindu.cli.counter.orders import give
from mindu.cli.counter.reader import FILE
from mindu.cli.hotline.files import messages
from mindu.cli.hotline.model import learned, written
from mindu.cli.say import GOOD, Voice, state
from mindu.engines.text import save, seeded, words
from mindu.engines.text.clean import clean
from mindu.engines.text.topics import Example, Trial, certify_groups
from mindu.engines.text.topics import learn as train_apart
from mindu.engines.text.topics.model import TopicModel

CLERK = "the nightly training 夜间训练"


def learn(asked: argparse.Namespace, voice: Voice) -> int:
    """Train, write the model beside the log, and lay down its card and certificates."""
    folder = state(asked.data)
    made = SystemClock().now().isoformat(timespec="seconds")
    trials: Sequence[Trial] = ()
    if asked.seed:
        model = seeded(made=made)
    else:
        examples = [*_of_file(asked.file), *_of_log(folder)]
        model, trials = learned(lambda: train_apart(examples, made=made))
    stored = save(model)
    folder.mkdir(parents=True, exist_ok=True)
    written(folder / FILE, stored)
    proved = certificates(trials, model.card.version)
    rows = tuple(told.row for told in proved)
    give(folder, Renew(rows, _card(model, stored), CLERK))
    told = {
        "model": model.card.version, "origin": model.card.origin, "examples": model.card.examples,
        "macro_f1": model.card.macro_f1, "accuracy": model.card.accuracy,
        "certified": {c.group: {"from": c.threshold, "tried": c.of, "wrong": c.wrong}
                      for c in proved},
    }  # fmt: skip
    voice.data(told, "\n".join(f"{name:>10}: {value}" for name, value in told.items()))
    return GOOD


def certificates(trials: Sequence[Trial], version: str) -> list[Certificate]:
    """Return what is proved of each topic group and of all, from messages held apart."""
    said = [topic_of(trial.said) for trial in trials]
    trust = np.array([round(trial.trust, 4) for trial in trials], np.float64)
    wrong = np.array(
        [here != topic_of(one.right) for here, one in zip(said, trials, strict=True)], np.bool_
    )
    found = certify_groups(trust, wrong, [group_of(topic) for topic in said])
    return [
        Certificate(
            group=name, threshold=told.trust, wrong=told.wrong, of=told.tried, target=told.limit,
            confidence=told.sure, model=version,
        )
        for name, told in found.items()
    ]  # fmt: skip


def _of_file(path: Path | None) -> Iterator[Example]:
    for one in messages(path) if path is not None else ():
        if one.label:
            yield Example(one.said(), one.label)


def _of_log(folder: Path) -> Iterator[Example]:
    """Yield every answered case whose topic a person set or a unit took without objection."""
    with looked(folder) as office:
        for number in taught(office):
            case = office.memory.log[number].record
            assert isinstance(case, Case), "a number of a case is that of its opening"
            said = words(clean(f"{case.title}\n{case.text}").text)
            yield Example(tuple(said), office.cases.said(number, "topic"))


def taught(office: Office) -> list[int]:
    """Return the cases to learn from, oldest first."""
    rows = office.cases.rows
    done = rows[(rows["fed"] > 0) & (rows["topic"] > 0) & (rows["master"] < 0)]
    kept = done[(done["returns"] == 0) | by_people(office, done["seq"].tolist())]
    numbers: list[int] = kept["seq"].tolist()
    return numbers


def by_people(office: Office, numbers: Sequence[int]) -> list[bool]:
    """Say of each case whether a person was the last to say what it is about."""
    last: dict[str, str] = {}
    for entry in office.memory.log:
        if isinstance(entry.record, Move) and entry.record.name == "classify":
            last[entry.about] = entry.by
    return [last.get(f"case:{number}", "machine") != "machine" for number in numbers]


def _card(model: TopicModel, stored: bytes) -> tuple[str, ...]:
    card = model.card
    return (card.version, card.made, card.origin, card.digest, str(card.examples),
            str(card.groups), f"{card.macro_f1}", f"{card.accuracy}", card.way,
            sha256(stored).hexdigest())  # fmt: skip
