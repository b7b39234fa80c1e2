"""Signs: what a piece of an address shows of its part: neighbours, words, the next suffix."""

import re
from collections.abc import Sequence

import rjieba

# The last sign of a part, and what it usually ends.
_ENDS = {
    "省": "prov", "市": "city", "区": "district", "县": "district", "旗": "district",
    "镇": "town", "乡": "town", "村": "community", "社": "community",
    "里": "community", "路": "road", "街": "road", "道": "road", "巷": "road",
    "弄": "lane", "胡": "road", "号": "number", "幢": "house", "栋": "house",
    "座": "house", "楼": "house", "元": "cell", "梯": "cell", "层": "floor",
    "室": "room", "房": "room", "园": "poi", "苑": "poi", "城": "poi", "厦": "poi",
    "场": "poi", "院": "poi", "校": "poi", "司": "poi", "厂": "poi", "店": "poi",
    "庄": "poi", "桥": "poi", "口": "assist", "边": "assist", "面": "assist",
    "旁": "assist", "近": "assist", "内": "assist",
}  # fmt: skip
_WHOLE = re.compile(r"[0-9]+")
_LATIN = re.compile(r"[A-Za-z]+")
_COUNT = frozenset("零〇一二三四五六七八九十百甲乙丙丁")
REACH = 8  # pieces ahead in which the next suffix is looked for
LONGEST = 400  # pieces of one address that are read


def signs(pieces: Sequence[str]) -> list[list[str]]:
    """Return the signs of every piece of one address, for a linear-chain CRF."""
    pieces = pieces[:LONGEST]
    shapes = [_shape(piece) for piece in pieces]
    cut, place = _cut(pieces)
    ends = _next_ends(pieces)
    known = [
        "^2",
        "^1",
        *(p if s == "h" else s for p, s in zip(pieces, shapes, strict=True)),
        "$1",
        "$2",
    ]
    told = []
    for at, piece in enumerate(pieces):
        b2, b1, here, n1, n2 = known[at : at + 5]
        said = [
            "b", f"c={here}", f"p={b1}", f"n={n1}", f"pp={b2}", f"nn={n2}",
            f"pc={b1}{here}", f"cn={here}{n1}", f"ppc={b2}{b1}{here}", f"cnn={here}{n1}{n2}",
            f"pcn={b1}{here}{n1}", f"pp_p={b2}{b1}", f"n_nn={n1}{n2}",
            f"w={cut[at]}", f"wb={place[at]}", f"wc={place[at]}{here}",
            f"s={shapes[at]}", f"e={ends[at]}", f"ce={here}{ends[at]}", f"pe={b1}{ends[at]}",
            f"ss={''.join(shapes[max(0, at - 1) : at + 2])}",
        ]  # fmt: skip
        if at < 4:
            said.append(f"at={at}")
        if shapes[at] == "d":
            said.append(f"len={min(len(piece), 6)}{n1}")
        before = cut[at - 1] if at and place[at] in "BS" else ""
        if before:
            said.append(f"wp={before}")
        follow = at + 1
        while follow < len(pieces) and place[follow] in "ME":
            follow += 1
        if follow < len(pieces):
            said.append(f"wn={cut[follow]}")
            said.append(f"w_wn={cut[at]}_{cut[follow]}")
        told.append(said)
    return told


def _shape(piece: str) -> str:
    if _WHOLE.fullmatch(piece):
        return "d"
    if _LATIN.fullmatch(piece):
        return "l"
    if piece in _COUNT:
        return "k"
    return "h" if "\u4e00" <= piece[:1] <= "\u9fff" else "x"


def _cut(pieces: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return for each piece the word that it stands in, and its place there (B, M, E or S)."""
    joined = "".join(pieces)
    word_of, place_of = [""] * len(joined), ["S"] * len(joined)
    at = 0
    for word in rjieba.cut(joined):
        for inside in range(len(word)):
            ends = inside == len(word) - 1
            word_of[at] = word
            place_of[at] = "S" if len(word) == 1 else "B" if not inside else "E" if ends else "M"
            at += 1
    words, places, at = [], [], 0
    for piece in pieces:
        words.append(word_of[at])
        end = min(at + len(piece), len(place_of)) - 1
        begins = place_of[at] == "B" and place_of[end] != "E"
        places.append(place_of[at] if len(piece) == 1 else "B" if begins else "S")
        at += len(piece)
    return words, places


def _next_ends(pieces: Sequence[str]) -> list[str]:
    """Return for each piece which suffix comes next and how far it is."""
    ends: list[str] = []
    name, far = "-", 0
    for piece in reversed(pieces):
        if piece in _ENDS:
            name, far = _ENDS[piece], 0
        elif name != "-":
            far += 1
            if far > REACH:
                name, far = "-", 0
        ends.append(f"{name}{min(far, 5)}" if name != "-" else "-")
    return ends[::-1]
