"""Characters of a regular expression: classes, escapes, categories and blocks."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from mindu.engines.rules.value.run import Refused

Test = Callable[[str], bool]

BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
MAJOR = set("LMNPZSC")
PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
SELF = set("\\|.?*+(){}-[]^$ ")


def mistake(why: str) -> Refused:
    """Return the refusal of a pattern."""
    return Refused("literal", why, "pattern")


def one(character: str) -> Test:
    """Return the test for one character."""
    return lambda c: c == character


def between(low: str, high: str) -> Test:
    """Return the test for a run of characters."""
    return lambda c: low <= c <= high


def any_of(tests: list[Test]) -> Test:
    """Return the test that passes when any does."""
    if len(tests) == 1:
        return tests[0]
    return lambda c: any(test(c) for test in tests)


def opposite(test: Test) -> Test:
    """Return the test that passes when another does not."""
    return lambda c: not test(c)


def caseless(test: Test) -> Test:
    """Return the test that minds no case."""
    return lambda c: any(test(form) for form in forms(c))


@lru_cache(maxsize=4096)
def forms(character: str) -> tuple[str, ...]:
    """Return all characters that differ from one only in case."""
    found = {character, character.lower(), character.upper(), character.casefold()}
    found |= {form.upper() for form in found} | {form.lower() for form in found}
    extra = {"k": "\u212a", "s": "\u017f", "\u00e5": "\u212b"}.get(character.lower())
    return tuple(sorted(form for form in {*found, extra or character} if len(form) == 1))


def category(name: str) -> Test:
    """Return the test for a Unicode category or a block."""
    if name.startswith("Is"):
        block = BLOCKS.get(name[2:])
        if block is None:
            raise mistake(f"\\p{{{name}}}")
        return lambda c: block[0] <= ord(c) <= block[1]
    if not name or name[0] not in MAJOR or len(name) > 2 or not name.isalpha():
        raise mistake(f"\\p{{{name}}}")
    return lambda c: unicodedata.category(c).startswith(name)


def _initial(c: str) -> bool:
    return c.isalpha() or c in "_:"


def _name(c: str) -> bool:
    return c.isalnum() or c in "_:-.\u00b7" or unicodedata.category(c) in {"Mn", "Mc"}


def _word(c: str) -> bool:
    return unicodedata.category(c)[0] not in "PZC"


SHORT: dict[str, Test] = {
    "s": lambda c: c in " \t\n\r",
    "d": lambda c: unicodedata.category(c) == "Nd",
    "i": _initial,
    "c": _name,
    "w": _word,
}


def short(letter: str) -> Test | None:
    """Return the test of a one-letter class, upper case being the contrary."""
    test = SHORT.get(letter.lower())
    if test is None:
        return None
    return test if letter.islower() else opposite(test)
