"""Words: cleaned text is cut into Chinese words, the one place that knows the segmenter."""

import re

import rjieba

_HAS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
_SIGN = re.compile(r"\[[\u4e00-\u9fff]{2,5}\]")  # what `mask` wrote is nobody's word
LONGEST = 40  # characters; a "word" beyond it is a wall of letters


def words(text: str) -> list[str]:
    """Return the words of a cleaned text in their order, without marks, spaces and mask signs."""
    found = rjieba.cut(_SIGN.sub(" ", text))
    # Most words begin with a Chinese sign; asking for that first spares them the search.
    return [
        word
        for word in found
        if ("\u4e00" <= word[0] <= "\u9fff" or _HAS.search(word)) and len(word) <= LONGEST
    ]
