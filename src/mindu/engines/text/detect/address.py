"""Addresses of people: a street or estate with a house number, as it is written in China."""

import re
from collections.abc import Iterator

_HAN = r"[\u4e00-\u9fff]"
_WAY = "大道|大街|路|街|巷|弄|里|村|新村|小区|花园|花苑|公寓|家园|社区|苑|城|坊|园"
_NUMBER = r"[0-9０-９零一二三四五六七八九十百\-A-Za-z甲乙丙]{1,8}"
_HOUSE = rf"{_NUMBER}(?:号楼|号院|号|栋|幢|座|单元|室|户|层|楼)"
_ADDRESS = re.compile(
    rf"(?:{_HAN}{{2,7}}(?:省|自治区))?(?:{_HAN}{{2,6}}市)?(?:{_HAN}{{1,6}}(?:区|县))?"
    rf"(?:{_HAN}{{1,6}}(?:街道|镇|乡))?"
    rf"(?:[\u4e00-\u9fffA-Za-z0-9]{{1,12}}?(?:{_WAY}))+\s?(?:{_HOUSE})+(?:{_NUMBER}(?!\d))?"
)
_BEFORE = re.compile(r"(?:(?:我们?|他|她|本人|家|现|原|居|就|在)*住(?:在|于|址)?)?")
# A bus on its way, a stop, a shop: numbers behind a street that are nobody's home.
_NOT = re.compile(r"(?:路|街|道)\s?\d{1,4}(?:路|号线|次|车|公交)|高速|国道|省道|号线|公里")


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where addresses with a house number stand."""
    for found in _ADDRESS.finditer(text):
        start = found.start() + len(_BEFORE.match(found[0])[0])  # type: ignore[index]
        after = text[found.end() : found.end() + 2]
        if not _NOT.search(found[0] + after):
            yield start, found.end()
