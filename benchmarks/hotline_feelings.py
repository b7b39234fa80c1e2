"""How people feel, on real messages (DATA=folder): a learned model, our lexicon, and a plain one.

No column says how a caller felt. The weak label is what the title calls the matter (投诉, 举报,
质疑 against 咨询, 请问, 建议), those words taken out of what is read: bodies alone, near-copies
kept together.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from mindu.cli.hotline.files import Message, messages
from mindu.engines.text import mask
from mindu.engines.text.axes import feeling
from mindu.engines.text.axes.heard import COMPLAINT, auc, bare, kind_of, learn_feelings

THANKS = re.compile("感谢|谢谢|致谢|表扬|点赞|致敬|锦旗|称赞")  # in a title: why somebody writes
PLAIN_WORDS = (
    ["问题", "投诉", "违法", "扰民", "污染", "噪音", "危险", "严重", "太差", "难", "不"],
    ["满意", "感谢", "好", "方便"],
)


def figures() -> Iterator[Figure]:
    """Yield the figures of every file of messages in DATA, taken together."""
    folder = Path(os.environ.get("DATA", "") or "nowhere")
    files = [*sorted(folder.glob("messages*.csv")), *sorted(folder.glob("annex4*.csv"))]
    told = [one for path in files for one in messages(path)]
    yield from praise(told)
    said = [(mask(bare(m.body)).text, kind) for m in told if (kind := kind_of("", m.title))]
    said = list(dict.fromkeys(said))
    if not said:
        return
    _, skill = learn_feelings(said, made="")
    harsh = np.array([kind == COMPLAINT for _, kind in said])
    bad, good = PLAIN_WORDS
    counted = np.array(
        [sum(t.count(w) for w in bad) - sum(t.count(w) for w in good) for t, _ in said]
    )
    yield _plain("messages with a telling title", skill.messages)
    yield _plain("complaints among them", skill.complaints)
    plain = auc(harsh, counted.astype(np.float64))
    for name, value in (
        ("AUC, a plain list of words", plain), ("AUC, our lexicon", skill.lexicon_auc),
        ("macro-F1, our lexicon", skill.lexicon_f1), ("macro-F1, learned", skill.f1),
    ):  # fmt: skip
        yield _plain(name, value)
    yield Figure(name="AUC, learned, grouped 5-fold", value=skill.auc, unit="", holds=skill.better,
                 peer=str(skill.lexicon_auc), goal="above the lexicon")  # fmt: skip


def praise(told: list[Message]) -> Iterator[Figure]:
    """Yield how our lexicon hears praise: of titles that thank, and of everybody else.

    Few people write to thank, so the second figure says more: who complains is not to be counted
    as content.
    """
    heard = [(m.title, feeling(mask(m.body).text).label == "praise") for m in told]
    thanks = [said for title, said in heard if THANKS.search(title)]
    others = [(title, said) for title, said in heard if not THANKS.search(title)]
    cross = [said for title, said in others if kind_of("", title) == COMPLAINT]
    yield _plain("messages whose title thanks", len(thanks))
    yield _plain("of those heard as praise", sum(thanks))
    yield _plain("others heard as praise, share", sum(s for _, s in others) / max(1, len(others)))
    yield _plain("titled complaints heard as praise, share", sum(cross) / max(1, len(cross)))


def _plain(name: str, value: float) -> Figure:
    return Figure(name=name, value=round(value, 4), unit="", peer=None, goal="", holds=None)
