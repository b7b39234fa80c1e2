"""How people feel, on real messages (DATA=folder): a learned model, our lexicon, and a plain one.

No column says how a caller felt. The weak label is what the title calls the matter (投诉, 举报,
质疑 against 咨询, 请问, 建议), those words taken out of what is read: bodies alone, near-copies
kept together.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from mindu.cli.hotline.files import messages
from mindu.engines.text import mask
from mindu.engines.text.axes.heard import COMPLAINT, auc, bare, kind_of, learn_feelings

PLAIN_WORDS = (
    ["问题", "投诉", "违法", "扰民", "污染", "噪音", "危险", "严重", "太差", "难", "不"],
    ["满意", "感谢", "好", "方便"],
)


def figures() -> Iterator[Figure]:
    """Yield the figures of every file of messages in DATA, taken together."""
    folder = Path(os.environ.get("DATA", "") or "nowhere")
    files = [*sorted(folder.glob("messages*.csv")), *sorted(folder.glob("annex4*.csv"))]
    told = [one for path in files for one in messages(path)]
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


def _plain(name: str, value: float) -> Figure:
    return Figure(name=name, value=round(value, 4), unit="", peer=None, goal="", holds=None)
