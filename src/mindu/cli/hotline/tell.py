"""What the hotline verbs answer: as values for JSON, and as a few lines for a person."""

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from mindu.cli.hotline.files import Message
from mindu.engines.text import Card, Guess, Place
from mindu.engines.text.places.tagger import Part
from mindu.engines.text.topics.score import f1_of

SHOWN = 10  # rows of a person's table


class Learned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A model was made; of topics it has a card."""

    kind: str
    model: str
    bytes: int
    card: Card | None = None

    def text(self, lang: str) -> str:
        """Return it in a few lines."""
        size = f"{self.model}  {self.bytes / 1e6:.1f} MB"
        if self.card is None:
            return f"{'地址模型' if lang == 'zh' else 'address model'}: {size}"
        card = self.card
        return "\n".join([
            f"{'模型' if lang == 'zh' else 'model'} {card.version}: {size}",
            f"{card.examples} 条, {len(card.topics)} 类" if lang == "zh"
            else f"{card.examples} messages, {len(card.topics)} topics",
            f"macro-F1 {card.macro_f1:.4f}, accuracy {card.accuracy:.4f} (grouped 10-fold)",
            f"auto {card.coverage:.1%} at <= {card.promise:.0%} wrong ({card.sure:.1%} sure)",
        ])  # fmt: skip


class Classified(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one message is about; axes and places are told where the file has text, not tokens."""

    row: int
    id: str
    topic: str | None
    probability: float
    auto: bool
    suggestions: tuple[Guess, ...]
    nature: str | None = None
    urgency: str | None = None
    emergency: str | None = None
    places: tuple[Place, ...] = ()
    feeling: float | None = None
    masked: tuple[str, ...] = ()


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How often the topic was right, of all and of those that would go out alone."""

    messages: int
    macro_f1: float
    accuracy: float
    f1: dict[str, float]
    coverage: float
    wrong_of_auto: float


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """Every message of a file, read."""

    model: str
    messages: int
    score: Score | None
    results: tuple[Classified, ...]

    def text(self, lang: str) -> str:
        """Return the first rows and the counts."""
        lines = [
            f"{one.id:>10}  {one.topic or '-'}  {one.probability:.2f}{' *' if one.auto else ''}"
            for one in self.results[:SHOWN]
        ]
        count = Counter(one.topic or "-" for one in self.results)
        lines.append("  ".join(f"{topic} {n}" for topic, n in count.most_common()))
        lines.append("* 可自动批转" if lang == "zh" else "* certified to be forwarded alone")
        if self.score is not None:
            lines.append(f"macro-F1 {self.score.macro_f1:.4f}, auto {self.score.coverage:.1%}, "
                         f"wrong of auto {self.score.wrong_of_auto:.2%}")  # fmt: skip
        return "\n".join(lines)


def scored(rows: Sequence[Message], told: Sequence[Classified]) -> Score | None:
    """Return the score of what was told against the labels of the file; None when it has none."""
    pairs = [(row.label, one) for row, one in zip(rows, told, strict=True) if row.label]
    if not pairs:
        return None
    topics = sorted({label for label, _ in pairs})
    place = {topic: at for at, topic in enumerate(topics)}
    right = np.array([place[label] for label, _ in pairs], np.int64)
    said = np.array([place.get(one.topic or "", -1) for _, one in pairs], np.int64)
    auto = np.array([one.auto for _, one in pairs], bool)
    f1 = f1_of(right, said, topics)
    wrong = right != said
    return Score(
        messages=len(pairs), macro_f1=round(sum(f1.values()) / len(f1), 4),
        accuracy=round(float(1 - wrong.mean()), 4), f1=f1, coverage=round(float(auto.mean()), 4),
        wrong_of_auto=round(float(wrong[auto].mean()), 4) if auto.any() else 0.0,
    )  # fmt: skip


class AddressScore(msgspec.Struct, frozen=True, kw_only=True):
    """How many parts were found whole, with their tag, first and last character."""

    addresses: int
    precision: float
    recall: float
    f1: float


class Address(msgspec.Struct, frozen=True):
    """One address and its parts."""

    text: str
    parts: tuple[Part, ...]


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    """Every address of a file, cut."""

    way: str
    addresses: int
    score: AddressScore | None
    results: tuple[Address, ...]

    def text(self, lang: str) -> str:  # noqa: ARG002 - tags and figures are the same in both
        """Return the first addresses and the score."""
        lines = [
            " ".join(f"{part.text}/{part.tag}" for part in one.parts)
            for one in self.results[:SHOWN]
        ]
        lines.append(f"{self.addresses} ({self.way})")
        if self.score is not None:
            lines.append(
                f"P {self.score.precision:.4f} R {self.score.recall:.4f} F1 {self.score.f1:.4f}"
            )
        return "\n".join(lines)
