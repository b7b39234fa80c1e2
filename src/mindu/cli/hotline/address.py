"""`mindu hotline address FILE`: addresses cut into province, town, road, number and the rest."""

import argparse

from mindu.base.records import Words
from mindu.cli.hotline.model import learned, opened
from mindu.cli.hotline.tagged import addresses
from mindu.cli.hotline.tell import Address, Addressed, AddressScore
from mindu.cli.say import GOOD, Voice
from mindu.engines.text.places.rules import cut_by_rules
from mindu.engines.text.places.tagger import (
    Tagger,
    entity_f1,
    fit_tagger,
    load_tagger,
    parts,
    save_tagger,
)

BESIDE = "address_train.txt"  # learned from when no model is named and it lies beside the file


def address(asked: argparse.Namespace, voice: Voice) -> int:
    """Cut each address into its parts; with tags in the file also tell how often that is right."""
    found = addresses(asked.file)
    tagger, way = _tagger(asked, voice)
    cut = [tagger.parse(pieces) if tagger else cut_by_rules("".join(pieces)) for pieces, _ in found]
    right = [tuple(parts(pieces, tags)) for pieces, tags in found if tags]
    score = None
    if right:
        precision, recall, f1 = entity_f1(
            right, [c for c, (_, tags) in zip(cut, found, strict=True) if tags]
        )
        score = AddressScore(addresses=len(right), precision=precision, recall=recall, f1=f1)
    results = tuple(
        Address("".join(pieces), one) for (pieces, _), one in zip(found, cut, strict=True)
    )
    answer = Addressed(way=way, addresses=len(results), score=score, results=results)
    voice.data(answer, answer.text(voice.lang))
    return GOOD


def _tagger(asked: argparse.Namespace, voice: Voice) -> tuple[Tagger | None, str]:
    if asked.model is not None:
        return opened(asked.model, load_tagger), str(asked.model)
    beside = asked.file.with_name(BESIDE)
    if beside.is_file() and beside != asked.file:
        voice.note(Words(f"Learning from {BESIDE} beside the file; --model saves this.",
                         f"正在用同目录的 {BESIDE} 训练;用 --model 可免去。"))  # fmt: skip
        stored = learned(lambda: fit_tagger(addresses(beside)))
        return load_tagger(save_tagger(stored)), BESIDE
    return None, "rules"
