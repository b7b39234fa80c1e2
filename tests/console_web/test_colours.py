"""Severity is told by shape, word and order; colour, where it helps, helps every eye."""

import itertools
import math
import re

import pytest
from made import WEB

TOKENS = (WEB / "src" / "style" / "tokens.css").read_text(encoding="utf-8")
FOUND = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
PAIRS = {name: (light, dark) for name, light, dark in FOUND}
LEVELS = ("crit", "warn", "watch", "info")
# Machado, Oliveira and Fernandes 2009, severity 1.0: what a dichromat sees, in linear RGB.
EYES = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.95047, 1.0, 1.08883)
by_theme = pytest.mark.parametrize("theme", [0, 1], ids=("light", "dark"))
by_eye = pytest.mark.parametrize("eye", EYES)


def times(rows: tuple[tuple[float, ...], ...], of: list[float]) -> list[float]:
    return [sum(m * p for m, p in zip(row, of, strict=True)) for row in rows]


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [float(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4) for p in parts]


def contrast(a: str, b: str) -> float:
    low, high = sorted(times(TO_XYZ, linear(c))[1] for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, eye: str) -> tuple[float, float, float]:
    seen = [min(1.0, max(0.0, part)) for part in times(EYES[eye], linear(colour))]
    shares = [part / white for part, white in zip(times(TO_XYZ, seen), WHITE, strict=True)]
    x, y, z = (float(v ** (1 / 3)) if v > 0.008856 else 7.787 * v + 16 / 116 for v in shares)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(a: str, b: str, theme: int, eye: str) -> float:
    return math.dist(lab(PAIRS[a][theme], eye), lab(PAIRS[b][theme], eye))


@by_theme
def test_text_stands_out_from_what_it_stands_on(theme: int) -> None:
    for text in ("ink", "ink-2", *LEVELS):
        for ground in ("bg", "surface", "raised"):
            assert contrast(PAIRS[text][theme], PAIRS[ground][theme]) >= 4.5, f"{text} on {ground}"
    for level in LEVELS:
        assert contrast(PAIRS[level][theme], PAIRS[f"{level}-bg"][theme]) >= 4.5, level
    assert contrast(PAIRS["on-accent"][theme], PAIRS["accent"][theme]) >= 4.5


@by_theme
def test_marks_and_the_edges_of_controls_stand_out(theme: int) -> None:
    assert contrast(PAIRS["line-strong"][theme], PAIRS["surface"][theme]) >= 3
    assert contrast(PAIRS["accent"][theme], PAIRS["surface"][theme]) >= 3
    for level in LEVELS:  # the fill, or the edge or halo drawn round it
        drawn = (f"{level}-mark", "mark-edge", "mark-halo")
        assert max(contrast(PAIRS[n][theme], PAIRS["land"][theme]) for n in drawn) >= 3, level


@by_eye
@by_theme
def test_the_four_marks_stay_apart_for_every_eye(theme: int, eye: str) -> None:
    for a, b in itertools.combinations(LEVELS, 2):
        assert apart(f"{a}-mark", f"{b}-mark", theme, eye) >= 18, f"{a} and {b}"


@by_eye
@by_theme
def test_with_and_without_stay_apart_for_every_eye(theme: int, eye: str) -> None:
    assert apart("series-1", "series-2", theme, eye) >= 18


def test_every_level_has_a_shape_and_two_words_of_its_own() -> None:
    text = (WEB / "src" / "severity.ts").read_text(encoding="utf-8")
    rows = re.findall(r'\[(\d), "(\w+)", \["([^"]+)", "([^"]+)"\], "([^"]+)"\]', text)
    assert [int(row[0]) for row in rows] == [4, 3, 2, 1], "the gravest comes first"
    for column in range(1, 5):
        assert len({row[column] for row in rows}) == 4


def test_every_sentence_of_the_elements_is_said_in_both_languages() -> None:
    text = (WEB / "src" / "words.ts").read_text(encoding="utf-8")
    pairs = re.findall(r'(\w+): \["([^"]*)", "([^"]*)"\]', text)
    assert len(pairs) > 100
    for key, zh, en in pairs:
        said = (en, zh) if key == "language" else (zh, en)  # names the other in its own words
        assert re.search(r"[\u4e00-\u9fff]", said[0]), key
        assert said[1], key
        assert not re.search(r"[\u4e00-\u9fff]", said[1]), key
