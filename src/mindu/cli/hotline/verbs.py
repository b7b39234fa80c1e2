"""`mindu hotline VERB FILE`: learn, classify, merge what is said twice, cut addresses."""

import argparse
import os
from collections.abc import Callable, Sequence

from mindu.base.time import SystemClock
from mindu.cli.hotline.address import address
from mindu.cli.hotline.files import Message, messages
from mindu.cli.hotline.merge import merge
from mindu.cli.hotline.model import learned, opened, written
from mindu.cli.hotline.parser import parser
from mindu.cli.hotline.tagged import addresses, is_addresses
from mindu.cli.hotline.tell import Classified, Learned, Read, scored
from mindu.cli.say import GOOD, Trouble, Voice, language
from mindu.engines.text import Reader, fuzhou, load, save, seeded, train
from mindu.engines.text.places.tagger import fit_tagger, save_tagger
from mindu.engines.text.topics import Example


def run(args: Sequence[str]) -> int:
    """Run `mindu hotline ...`; return 0 when done, 2 when a file or a wish is wrong."""
    asked = parser().parse_args(args)
    voice = Voice(lang=language(asked.lang, os.environ), json=asked.json)
    does: dict[str, Callable[[argparse.Namespace, Voice], int]] = {
        "train": train_, "classify": classify, "merge": merge, "address": address,
    }  # fmt: skip
    try:
        return does[asked.verb](asked, voice)
    except Trouble as trouble:
        voice.trouble(trouble)
        return trouble.code
    except BrokenPipeError:
        return GOOD


def train_(asked: argparse.Namespace, voice: Voice) -> int:
    """Learn a model and write it; the kind of file says whether it is of topics or of addresses."""
    if is_addresses(asked.file):
        stored = save_tagger(learned(lambda: fit_tagger(addresses(asked.file))))
        written(asked.out, stored)
        told = Learned(kind="address", model=str(asked.out), bytes=len(stored))
        voice.data(told, told.text(voice.lang))
        return GOOD
    found = [one for one in messages(asked.file) if one.label]
    examples = [Example(one.said(), one.label) for one in found]
    made = SystemClock().now().isoformat(timespec="seconds")
    model = learned(lambda: train(examples, made=made))
    stored = save(model)
    written(asked.out, stored)
    told = Learned(kind="topics", model=str(asked.out), bytes=len(stored), card=model.card)
    voice.data(told, told.text(voice.lang))
    return GOOD


def classify(asked: argparse.Namespace, voice: Voice) -> int:
    """Tell what each message is about; with labels in the file also how often that is right."""
    found = messages(asked.file)
    if asked.model is None:
        model = seeded(made=SystemClock().now().isoformat(timespec="seconds"))
    else:
        model = opened(asked.model, load)
    reader = Reader(model, fuzhou())
    told = tuple(_classified(reader, one) for one in found)
    answer = Read(
        model=model.card.version, messages=len(told), score=scored(found, told), results=told
    )
    voice.data(answer, answer.text(voice.lang))
    return GOOD


def _classified(reader: Reader, one: Message) -> Classified:
    assert reader.model is not None
    if one.tokens:  # words without their marks: only the topic can be told
        topics = reader.model.classify(one.tokens.split())
        return Classified(
            row=one.row, id=one.id, topic=topics.topic, probability=topics.guesses[0].probability,
            auto=topics.auto, suggestions=topics.guesses,
        )  # fmt: skip
    told = reader.understand(one.body, title=one.title)
    first = told.suggestions[0] if told.suggestions else None
    return Classified(
        row=one.row, id=one.id, topic=first.topic if first else None,
        probability=first.probability if first else 0.0, auto=told.auto,
        suggestions=told.suggestions, nature=told.nature.code, urgency=told.urgency.code,
        emergency=told.emergency.line if told.emergency else None, places=told.places,
        feeling=told.feeling.score, masked=told.masked,
    )  # fmt: skip
