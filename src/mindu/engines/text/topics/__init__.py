"""Topics: what a message is about, learned from the operator's history, with reasons, certified."""

from mindu.engines.text.topics.certify import WHOLE, Bound, certify, certify_groups, upper
from mindu.engines.text.topics.codes import Codes, Topic, mapped, read_codes, shipped
from mindu.engines.text.topics.model import Card, Guess, TopicModel
from mindu.engines.text.topics.seed import seeded
from mindu.engines.text.topics.stored import ModelError, load, save
from mindu.engines.text.topics.train import Example, Trial, learn, train

__all__ = [
    "WHOLE",
    "Bound",
    "Card",
    "Codes",
    "Example",
    "Guess",
    "ModelError",
    "Topic",
    "TopicModel",
    "Trial",
    "certify",
    "certify_groups",
    "learn",
    "load",
    "mapped",
    "read_codes",
    "save",
    "seeded",
    "shipped",
    "train",
    "upper",
]
