"""The understanding of messages, on a folder of files (DATA=folder): skill, promise, speed.

Reads `topic_train*.csv`, `topic_dev*.csv`, `messages*.csv`, `same_issue*.csv`, `address_train.txt`
and `address_dev.txt`, each only if it is there. Folds are grouped by near-duplicates, never random.
Speeds are messages per second of processor time. `HOTLINE_QUICK=1` leaves out the training runs.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure
from benchmarks.hotline_same import same_figures
from benchmarks.hotline_whole import whole_figures
from mindu.cli.hotline.files import messages
from mindu.cli.hotline.tagged import addresses
from mindu.engines.text.places.tagger import (
    entity_f1,
    fit_tagger,
    load_tagger,
    parts,
    save_tagger,
)
from mindu.engines.text.topics import Example, TopicModel, certify_groups, train
from mindu.engines.text.topics.score import f1_of
from mindu.engines.text.topics.train import (
    FOLDS,
    Tested,
    blended_apart,
    test_apart,
    trusted_apart,
    usable,
)

SPLITS = 200
Floats = NDArray[np.floating]
Whole = NDArray[np.int64]
PROMISE = 0.02


def figures() -> Iterator[Figure]:
    """Yield every figure that the files in DATA allow; without DATA only what needs none."""
    folder = Path(os.environ.get("DATA", "") or "nowhere")
    model: TopicModel | None = None
    for path in (
        sorted(folder.glob("topic_train*.csv")) if not os.environ.get("HOTLINE_QUICK") else ()
    ):
        examples = [Example(one.said(), one.label) for one in messages(path)]
        yield from topic_figures(examples)
        began = process_time()
        model = train(examples, made="")
        yield _plain("train the topic model", process_time() - began, "CPU-s")
    for path in sorted(folder.glob("topic_dev*.csv")):
        if model is not None:
            yield from dev_figures(model, path)
    yield from same_figures(folder)
    if not os.environ.get("HOTLINE_QUICK"):
        yield from address_figures(folder)
    yield from whole_figures(folder, model)


def topic_figures(examples: list[Example]) -> Iterator[Figure]:
    """Yield macro-F1 in five grouped folds, and what 200 grouped splits make of the promise.

    The promise is tried on what the model's own score card is made of: ten grouped folds.
    """
    tested = test_apart(usable(examples), 5)
    chances = blended_apart(tested)
    f1 = f1_of(tested.right, chances.argmax(axis=1), tested.topics)
    mean = sum(f1.values()) / len(f1)
    yield _goal(
        "topic macro-F1, grouped 5-fold", mean, "", ">= 0.920", holds=mean >= 0.920, peer="0.920"
    )
    tested = test_apart(usable(examples), FOLDS)
    chances = blended_apart(tested)
    trust = trusted_apart(tested, chances)
    coverage, broken = promise(tested, trust, chances.argmax(axis=1))
    yield _goal("coverage at <= 2 % wrong, mean of 200 grouped splits", coverage, "", ">= 0.72",
                holds=coverage >= 0.72, peer="0.684")  # fmt: skip
    yield _goal("share of splits above the promise", broken, "", "<= 0.05", holds=broken <= 0.05,
                peer="0.09, naive 0.49")  # fmt: skip


def promise(tested: Tested, trust: Floats, said: Whole) -> tuple[float, float]:
    """Return mean coverage and the share of splits that break the promise.

    Half of the groups certify each group of topics, the other half is forwarded.
    """
    rng, wrong = np.random.default_rng(1), said != tested.right
    count = int(tested.groups.max()) + 1
    named = np.array(tested.topics, dtype=object)[said]
    covered, errors = [], []
    for _ in range(SPLITS):
        half = (rng.random(count) < 0.5)[tested.groups]
        found = certify_groups(trust[half], wrong[half], named[half].tolist())
        least = {name: one.trust for one in found.values() for name in one.groups}
        out = (trust >= np.array([least.get(name, np.inf) for name in named])) & ~half
        covered.append(out.sum() / (~half).sum())
        errors.append(wrong[out].mean() if out.any() else 0.0)
    return float(np.mean(covered)), float(np.mean(np.array(errors) > PROMISE))


def dev_figures(model: TopicModel, path: Path) -> Iterator[Figure]:
    """Yield what the model says of raw text that it never saw."""
    found = [one for one in messages(path) if one.label]
    place = {topic: at for at, topic in enumerate(model.topics)}
    told = [model.classify(one.said()) for one in found]
    right = np.array([place.get(one.label, -1) for one in found], np.int64)
    said = np.array([place[one.topic] for one in told], np.int64)
    f1 = f1_of(right, said, model.topics)
    auto = np.array([one.auto for one in told])
    yield _plain(f"topic macro-F1, raw {path.name}", sum(f1.values()) / len(f1), "")
    yield _plain(f"coverage, raw {path.name}", float(auto.mean()), "")
    yield _plain(f"wrong of those, raw {path.name}", float((right != said)[auto].mean()), "")


def address_figures(folder: Path) -> Iterator[Figure]:
    """Yield the entity F1 of a tagger that learned from the training file."""
    train_, dev = folder / "address_train.txt", folder / "address_dev.txt"
    if not (train_.is_file() and dev.is_file()):
        return
    began = process_time()
    tagger = load_tagger(save_tagger(fit_tagger(addresses(train_))))
    yield _plain("train the address model", process_time() - began, "CPU-s")
    held = addresses(dev)
    began = process_time()
    said = [tagger.parse(pieces) for pieces, _ in held]
    yield _plain("addresses cut", len(held) / (process_time() - began), "/CPU-s")
    f1 = entity_f1([tuple(parts(*one)) for one in held], said)[2]
    yield _goal("address entity F1 (dev)", f1, "", ">= 0.88", holds=f1 >= 0.88, peer="0.873")


def _goal(
    name: str, value: float, unit: str, goal: str, *, holds: bool, peer: str | None = None
) -> Figure:
    return Figure(name=name, value=round(value, 4), unit=unit, peer=peer, goal=goal, holds=holds)


def _plain(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=round(value, 4), unit=unit, peer=None, goal="", holds=None)
