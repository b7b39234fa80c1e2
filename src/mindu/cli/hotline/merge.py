"""`mindu hotline merge FILE`: which messages of a file say the same thing."""

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from mindu.base.records import Words
from mindu.cli.hotline.files import Message, messages
from mindu.cli.hotline.tell import SHOWN
from mindu.cli.say import GOOD, Trouble, Voice
from mindu.engines.text import clean, mask
from mindu.engines.text.same import Note, Stream, issues

DAY_S = 86_400.0


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One matter: its messages in the order of the file, how many people, and since when."""

    issue: int
    size: int
    people: int
    title: str
    first: str
    last: str
    members: tuple[str, ...]


class MergeScore(msgspec.Struct, frozen=True, kw_only=True):
    """Pairs of the labelled issues: precision, recall, F1; and look-alikes that were kept apart."""

    issues: int
    precision: float
    recall: float
    f1: float
    hard_negatives: int
    kept_apart: int


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """Every message's issue; `issues` lists those of two and more, the largest first."""

    messages: int
    merged: int
    score: MergeScore | None
    issues: tuple[Issue, ...]
    of: dict[str, int]

    def text(self, lang: str) -> str:
        """Return the largest issues and the score."""
        word = "件" if lang == "zh" else "messages"
        lines = [f"{one.size:>4} {word}  {one.title[:40]}" for one in self.issues[:SHOWN]]
        lines.append(f"{self.messages} -> {self.messages - self.merged}")
        if self.score is not None:
            told = self.score
            lines.append(f"P {told.precision:.4f} R {told.recall:.4f} F1 {told.f1:.4f}  "
                         f"{told.kept_apart}/{told.hard_negatives}")  # fmt: skip
        return "\n".join(lines)


def merge(asked: argparse.Namespace, voice: Voice) -> int:
    """Sort the messages of a file into issues; labels (here or in --gold) give a score."""
    found = messages(asked.file)
    numbers = one_by_one(found) if asked.online else at_once(found)
    gold = messages(asked.gold) if asked.gold else found
    told = Merged(
        messages=len(found), merged=len(found) - len(set(numbers)),
        score=score(found, numbers, gold), issues=tuple(_told(found, numbers)),
        of={one.id: number for one, number in zip(found, numbers, strict=True)},
    )  # fmt: skip
    voice.data(told, told.text(voice.lang))
    return GOOD


def _plain(text: str) -> str:
    return mask(clean(text).text).text


def at_once(found: Sequence[Message]) -> list[int]:
    """Return each message's issue, all sorted together."""
    notes = [Note(name=m.id, title=_plain(m.title), body=_plain(m.body or m.tokens)) for m in found]
    try:
        return issues(notes)
    except ValueError as wrong:
        raise Trouble(
            Words(f"{wrong}.", f"一次最多归并 30000 件:{wrong}。"),
            Words("Split the file by months, or use --online.", "请按月份拆分,或用 --online。"),
        ) from wrong


def one_by_one(found: Sequence[Message]) -> list[int]:
    """Return each message's issue, joined in the order of time."""
    return joined(plainly(found), Stream())


def plainly(found: Sequence[Message]) -> list[tuple[float, str, str]]:
    """Return (day, title, body) of each message, cleaned and masked."""
    return [(_day(one.time), _plain(one.title), _plain(one.body or one.tokens)) for one in found]


def joined(plain: Sequence[tuple[float, str, str]], stream: Stream) -> list[int]:
    """Return the issue of each (day, title, body), given to the stream in the order of days."""
    order = sorted(range(len(plain)), key=lambda at: (plain[at][0], at))
    numbers, into = [0] * len(plain), dict[int, int]()
    for at in order:
        when, title, body = plain[at]
        told = stream.add(when, title=title, body=body)
        numbers[at] = told.issue
        if told.absorbed is not None:
            into[told.absorbed] = told.issue
    return [_root(number, into) for number in numbers]


def _root(number: int, into: dict[int, int]) -> int:
    while number in into:
        number = into[number]
    return number


def _day(told: str) -> float:
    """Return a time as days; what is no time comes first."""
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return (
                datetime.strptime(f"{told.replace('/', '-')}+0000", f"{shape}%z").timestamp()
                / DAY_S
            )
        except ValueError:
            continue
    return 0.0


def _told(found: Sequence[Message], numbers: Sequence[int]) -> list[Issue]:
    members: dict[int, list[Message]] = {}
    for one, number in zip(found, numbers, strict=True):
        members.setdefault(number, []).append(one)
    told = []
    for number, held in members.items():
        if len(held) < 2:
            continue
        times = sorted((one.time for one in held if one.time), key=_day) or [""]
        told.append(
            Issue(
                issue=number, size=len(held), people=len({m.user or m.id for m in held}),
                title=_plain(held[0].title or held[0].body[:40]), first=times[0], last=times[-1],
                members=tuple(m.id for m in held),
            )
        )  # fmt: skip
    return sorted(told, key=lambda one: (-one.size, one.issue))


def score(
    found: Sequence[Message], numbers: Sequence[int], gold: Sequence[Message]
) -> MergeScore | None:
    """Return the score of labelled issues; None when `gold` has no labels.

    Precision counts every message that was put beside a labelled one, recall the labelled pairs. A
    look-alike is kept apart when it is not where most of its issue is.
    """
    of = {one.id: number for one, number in zip(found, numbers, strict=True)}
    size = Counter(numbers)
    labelled: dict[str, list[int]] = {}
    for one in gold:
        if one.gold and one.id in of:
            labelled.setdefault(one.gold, []).append(of[one.id])
    if not labelled:
        return None
    right = wrong = there = 0
    for held in labelled.values():
        there += len(held) * (len(held) - 1) // 2
        for number, n in Counter(held).items():
            right += n * (n - 1) // 2
            wrong += n * (size[number] - n)
    home = {name: Counter(held).most_common(1)[0][0] for name, held in labelled.items()}
    hard = [one for one in gold if one.apart in home and one.id in of]
    precision, recall = right / max(1, right + wrong), right / max(1, there)
    return MergeScore(
        issues=len(labelled), precision=round(precision, 4), recall=round(recall, 4),
        f1=round(2 * precision * recall / max(1e-9, precision + recall), 4),
        hard_negatives=len(hard), kept_apart=sum(of[m.id] != home[m.apart] for m in hard),
    )  # fmt: skip
