"""Heard: how people feel, learned from what a line called its own matters, where that beats words.

A complaint or report is held against an inquiry or suggestion; the words that name the kind are
taken out, so that nothing is learned but how people write. Thanks are left to the lexicon: there
are too few to learn from.
"""

import re
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from mindu.engines.text.axes.feeling import EDGE, Feeling, feeling
from mindu.engines.text.clean import clean
from mindu.engines.text.topics.model import TopicModel
from mindu.engines.text.topics.train import Example, blended_apart, test_apart, train, usable
from mindu.engines.text.words import words

COMPLAINT, PLAIN = "complaint", "plain"
OF_NATURE = {
    "complaint": COMPLAINT, "report": COMPLAINT, "inquiry": PLAIN, "suggestion": PLAIN,
    "投诉": COMPLAINT, "举报": COMPLAINT, "投诉举报": COMPLAINT, "咨询": PLAIN, "建议": PLAIN,
}  # fmt: skip
_HARSH, _MILD = re.compile("投诉|举报|质疑|不满"), re.compile("咨询|请问|建议|请教")
_NAMES = re.compile(f"{_HARSH.pattern}|{_MILD.pattern}|反映|求助|感谢")
FEWEST = 100  # messages of each kind; of fewer no figure means anything
NEWEST = 10_000  # messages learned from; more would cost minutes and gain nothing
FOLDS = 5  # of those that are held apart
EVEN = 0.5  # chance from which the model calls it a complaint
ORIGIN = "feelings"  # of the model's card

Said = tuple[str, str]  # words without the names of kinds; COMPLAINT or PLAIN


class Skill(msgspec.Struct, frozen=True):
    """What the model and the lexicon make of the same messages, grouped 5-fold, held apart.

    `auc`: chance that a complaint ranks above a plain message; `f1`: macro-F1 at each one's edge.
    """

    messages: int
    complaints: int
    auc: float
    f1: float
    lexicon_auc: float
    lexicon_f1: float

    @property
    def better(self) -> bool:
        """Whether the model beats the lexicon on both."""
        return self.auc > self.lexicon_auc and self.f1 > self.lexicon_f1


def bare(text: str) -> str:
    """Return a text without the words that name its kind."""
    return _NAMES.sub("", clean(text).text)


def kind_of(nature: str, title: str) -> str:
    """Return COMPLAINT or PLAIN as a line's own column says, else the title; "" where neither."""
    known = OF_NATURE.get(nature.strip())
    if known is not None or nature.strip():
        return known or ""
    harsh, mild = bool(_HARSH.search(title)), bool(_MILD.search(title))
    return "" if harsh == mild else COMPLAINT if harsh else PLAIN


def learn_feelings(said: Sequence[Said], *, made: str) -> tuple[TopicModel, Skill]:
    """Return a model of the newest messages and what it is worth beside the lexicon.

    Raises:
        ValueError: there are too few messages of a kind.
    """
    told = list(dict.fromkeys(said))[-NEWEST:]
    many = {kind: sum(one == kind for _, one in told) for kind in (COMPLAINT, PLAIN)}
    if min(many.values()) < FEWEST:
        raise ValueError(
            f"feelings need {FEWEST} complaints and as many inquiries or suggestions; found {many}"
        )
    pairs = [(text, Example(tuple(words(text)), kind)) for text, kind in told]
    pairs = [(text, one) for text, one in pairs if one.words]
    examples = usable([one for _, one in pairs])
    tested = test_apart(examples, FOLDS)
    harsh = tested.right == tested.topics.index(COMPLAINT)
    chance = blended_apart(tested)[:, tested.topics.index(COMPLAINT)]
    heard = [feeling(text) for text, _ in pairs[-len(examples) :]]
    score = np.array([-one.score for one in heard])
    skill = Skill(
        messages=len(harsh), complaints=int(harsh.sum()),
        auc=round(auc(harsh, chance), 4), f1=round(macro_f1(harsh, chance > EVEN), 4),
        lexicon_auc=round(auc(harsh, score), 4),
        lexicon_f1=round(macro_f1(harsh, score > EDGE), 4),
    )  # fmt: skip
    return train(examples, made=made, origin=ORIGIN), skill


def heard(text: str, model: TopicModel | None) -> Feeling:
    """Return how a cleaned message feels, by the model where there is one.

    Anger and thanks are the lexicon's; so is what the words say where the model knows none of them.
    """
    plain = feeling(text)
    if model is None or plain.label == "praise":
        return plain
    said = words(bare(text))
    told = model.classify(said)
    if not told.guesses[0].because:
        return plain
    harsh = float(model.probabilities(said)[model.topics.index(COMPLAINT)])
    label = COMPLAINT if harsh > EVEN else PLAIN
    because = tuple(dict.fromkeys([*plain.because, *told.guesses[0].because]))
    return msgspec.structs.replace(plain, score=round(-harsh, 3), label=label, because=because[:6])


def auc(right: npt.NDArray[np.bool_], score: npt.NDArray[np.floating]) -> float:
    """Return the chance that one that is right scores above one that is not; ties count half."""
    _, inverse, many = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(many) - (many - 1) / 2.0)[inverse]
    yes = int(right.sum())
    no = len(right) - yes
    if not yes or not no:
        raise ValueError("of one kind alone nothing can be told apart")
    return float((ranks[right].sum() - yes * (yes + 1) / 2.0) / (yes * no))


def macro_f1(right: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]) -> float:
    """Return the mean of the F1 of both sides."""
    both = []
    for truth, told in ((right, said), (~right, ~said)):
        hits = int((truth & told).sum())
        both.append(2 * hits / max(1, int(truth.sum() + told.sum())))
    return sum(both) / 2.0
