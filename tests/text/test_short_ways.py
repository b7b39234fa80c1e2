"""What is worked out a short way comes out as the long way, letter by letter and case by case."""

import random
import unicodedata
from collections import Counter
from zlib import crc32

import numpy as np

from mindu.engines.text.clean import clean
from mindu.engines.text.places.unknown import NAME, named
from mindu.engines.text.same import Stock, Vector, told
from mindu.engines.text.same.hashed import BUCKETS
from mindu.engines.text.same.stock import HEAVIEST

DICE = random.Random(7)
LETTERS = (range(0x20, 0x7F), range(0x4E00, 0x9FFF), range(0x1F300, 0x1F6FF))


def text(longest: int) -> str:
    kinds = DICE.choice([LETTERS[1:2], LETTERS[:2], LETTERS])
    return "".join(chr(DICE.choice(DICE.choice(kinds))) for _ in range(DICE.randint(0, longest)))


def buckets(pieces: list[bytes], family: int) -> Counter[int]:
    return Counter(crc32(piece, family) % BUCKETS for piece in pieces)


def pieces(said: str) -> list[bytes]:
    groups = [said[at : at + size] for size in (2, 3) for at in range(len(said) - size + 1)]
    return [group.encode("utf-32-le") for group in groups]


def test_letters_and_words_fall_into_the_buckets_of_crc_32() -> None:
    for longest in (1, 2, 3, 4, 400) * 40:
        title, body = text(longest) or "路灯", text(longest)
        cut = ["路灯", "不亮", "路灯", *title[:3]], [*body[:9], "积水"]
        found = told(title, body, *cut)
        long_way = [
            buckets([word.encode() for word in cut[0]], 1), buckets(pieces(title), 2),
            buckets([word.encode() for word in cut[1]], 3), buckets(pieces(body), 4),
        ]  # fmt: skip
        for family, (start, end) in enumerate(zip(found.ends[:-1], found.ends[1:], strict=True)):
            at, count = found.at[start:end].tolist(), found.count[start:end].tolist()
            assert dict(zip(at, count, strict=True)) == long_way[family]


def test_every_letter_is_cleaned_as_nfkc_cleans_it() -> None:
    for code in range(0x10000):
        seen = clean(f"路{chr(code)}灯").text
        if "灯" in seen and not chr(code).isspace() and len(seen) > 2:
            assert seen == unicodedata.normalize("NFKC", f"路{chr(code)}灯")


def test_names_before_an_ending_are_those_that_the_pattern_finds_anywhere() -> None:
    bits = [*"小区花园新村公寓山庄大厦广场东西南北中路大道街巷我在的,1a", "小区", "中路", "广场"]
    for _ in range(5_000):
        said = "".join(DICE.choice(bits) for _ in range(DICE.randint(0, 25)))
        everywhere = [found.span() for found in NAME.finditer(said)]
        assert [found.span() for found in named(said)] == everywhere


def test_the_stock_ranks_as_a_plain_sum_over_all_cases_would() -> None:
    rng = np.random.default_rng(3)
    at = rng.integers(0, 400, (3_000, HEAVIEST)).astype(np.int32)
    much = rng.random(at.shape).astype(np.float16)
    stock = Stock()
    stock.fill(at, much)
    for _ in range(20):
        asked = Vector(rng.choice(400, 20, replace=False), rng.random(20).astype(np.float32))
        weights = np.zeros(401, np.float32)
        weights[asked.at] = asked.much
        plain = (much.astype(np.float32) * weights[at]).sum(axis=1)
        best = np.sort(plain)[::-1][:5]
        assert np.allclose([one.likeness for one in stock.find(asked)], best, atol=2e-4)
