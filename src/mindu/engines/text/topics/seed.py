"""Seed: a first model for a city without history, made of messages that we wrote ourselves."""

from mindu.engines.text.clean import clean
from mindu.engines.text.topics.codes import formal, samples, shipped
from mindu.engines.text.topics.model import TopicModel
from mindu.engines.text.topics.train import Example, train
from mindu.engines.text.words import words


def seeded(*, made: str) -> TopicModel:
    """Return a model of the 15 first-level topics (labels are codes) learned from the seed set.

    Its card says origin "seed" and what it can do, which is little: it sorts for persons, and its
    bound is too loose for anything to go out alone. Costs a few CPU-seconds.
    """
    examples = [
        Example(tuple(words(clean(text).text)), code[:2])
        for code, text in (*samples(), *formal())
        if code[:2] in shipped().topics
    ]
    return train(examples, made=made, origin="seed")
