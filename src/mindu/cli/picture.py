"""The picture of the house: its powers as one loop around one log, drawn from the code's words."""

import argparse
from html import escape
from math import cos, pi, sin
from typing import get_args

from mindu.base.records import AnyRecord, Words
from mindu.cli.say import GOOD, Trouble, Voice
from mindu.console.words import pick

POWERS = (
    (Words("perceive", "感知"), ("Placed", "Observation", "Segment", "Event", "Case")),
    (Words("judge", "判断"), ("Forecast", "Weighing", "Judgement", "Table")),
    (Words("act", "反应"), ("Action", "Decision", "Sending", "Move", "Published", "Stepped")),
    (Words("learn", "学习"), ("Outcome", "Settlement", "Lesson", "Trial")),
)
GOVERNS = ("Grant", "Receipt")  # 用数: beside the loop, who may use what, and who did
WIDE, HIGH, MIDDLE = 800, 460, (400, 230)
ACROSS, DOWN = 286, 158  # px, half axes of the loop
STYLE = (
    "text{font-family:'Noto Sans SC','PingFang SC',system-ui,sans-serif;fill:#1b2327}"
    ".s{font-size:12px;fill:#4a555a}.p{font-size:22px;font-weight:600}"
    "@media(prefers-color-scheme:dark){text{fill:#e7ebea}.s{fill:#aeb8bb}.f{fill:#1b2023}}"
)


def picture(asked: argparse.Namespace, voice: Voice) -> int:
    """Write the picture as SVG."""
    if asked.file.suffix != ".svg":
        raise Trouble(
            Words(f"{asked.file.name} is no SVG.", f"{asked.file.name} 不是 SVG。"),
            Words("Give FILE.svg.", "请用 FILE.svg。"),
        )
    asked.file.write_text(house(voice.lang), encoding="utf-8")
    voice.data({"written": str(asked.file)}, str(asked.file))
    return GOOD


def house(lang: str) -> str:
    """Draw the four powers around the log, each with the records it writes."""
    kinds = {kind.__name__ for kind in get_args(AnyRecord)}
    drawn = {record for _, records in POWERS for record in records} | set(GOVERNS)
    assert kinds == drawn, f"the picture and the records differ: {sorted(kinds ^ drawn)}"
    x, y = MIDDLE
    parts = [_power(i, lang) for i in range(len(POWERS))]
    said = pick(Words("one log, hash-chained", "一本日志,哈希成链"), lang)
    asks = pick(Words("why? → because", "为什么? → 因为"), lang)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{escape(said)}"><style>{STYLE}</style>'
        f'<ellipse cx="{x}" cy="{y}" rx="{ACROSS}" ry="{DOWN}" '
        'fill="none" stroke="#9fb3b3" stroke-width="10"/>'
        f'<rect x="{x - 96}" y="{y - 38}" width="192" height="76" rx="4" fill="none" '
        f'stroke="#0f6153" stroke-width="2"/><text x="{x}" y="{y - 6}" text-anchor="middle">'
        f'{escape(said)}</text><text class="s" x="{x}" y="{y + 18}" text-anchor="middle">'
        f"{escape(asks)}</text>{''.join(parts)}</svg>\n"
    )


def _power(number: int, lang: str) -> str:
    words, records = POWERS[number]
    turn = -pi / 2 + number * pi / 2
    x, y = MIDDLE[0] + ACROSS * cos(turn), MIDDLE[1] + DOWN * sin(turn)
    lines = [" · ".join(records[i : i + 2]) for i in range(0, len(records), 2)]
    told = "".join(
        f'<text class="s" x="{x:.0f}" y="{y + 22 + 18 * i:.0f}" text-anchor="middle">{line}</text>'
        for i, line in enumerate(lines)
    )
    return (
        f'<rect class="f" x="{x - 96:.0f}" y="{y - 40:.0f}" width="192" height="106" rx="4" '
        f'fill="#fafbfa" stroke="#848d8b"/><text class="p" x="{x:.0f}" y="{y - 4:.0f}" '
        f'text-anchor="middle">{escape(pick(words, lang))}</text>{told}'
    )
