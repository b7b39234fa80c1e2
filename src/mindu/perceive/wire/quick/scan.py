"""Kernels that read one thing from a place of a text: blanks, a name, a whole number, a number.

A text is the column of 64-bit words that begin at each of its bytes. Names and digits are read
eight bytes in a step, in the lanes of one word. Each kernel returns where what it reads ends, -1
where it is nothing that is read here.
"""

import numpy as np

from mindu.base.kernels import kernel
from mindu.perceive.names import Words

U = np.uint64
QUOTE, COMMA, COLON = 34, 44, 58
_MINUS, _PLUS, _DOT, _ZERO, _NINE, _E = 45, 43, 46, 48, 57, 101
_ONES, _TOPS, _BYTE = U(0x0101010101010101), U(0x8080808080808080), U(255)
_QUOTES, _SLASHES, _BLANKS = (U(0x0101010101010101 * it) for it in (0x22, 0x5C, 0x20))
_ZEROS, _HIGHS, _SIXES, _THREES = (U(0x0101010101010101 * it) for it in (0x30, 0xF0, 0x06, 0x33))
_POWERS = 10.0 ** np.arange(20)
_EXACT = 1 << 53  # whole numbers up to it are floats as they are
_DIGITS = 16  # of a time or a sequence number
_FIGURES = 18  # of a number whose digits fit in 64 bits, with its dot
_NONE, _ONE = U(0), U(1)


@kernel
def octet(words: Words, at: int) -> int:
    """Return the byte at a place."""
    return int(np.int64(words[at] & _BYTE))


@kernel
def blank(words: Words, at: int) -> int:
    """Go past blanks."""
    told = octet(words, at)
    while told <= 32 and (told == 32 or 9 <= told <= 10 or told == 13):
        at += 1
        told = octet(words, at)
    return at


@kernel
def zero(word: np.uint64) -> np.uint64:
    """Mark the first byte of a word that is zero; bytes after it may be marked as well."""
    return (word - _ONES) & ~word & _TOPS


@kernel
def below(marks: np.uint64) -> np.uint64:
    """Return a word whose bytes before the first mark are full, and that with the mark not."""
    return ((marks & (~marks + _ONE)) - _ONE) >> U(7)


@kernel
def size(mask: np.uint64) -> int:
    """Say how many bytes of a word are full."""
    return int(np.int64(((mask & _ONES) * _ONES) >> U(56)))


@kernel
def plain(word: np.uint64) -> bool:
    """Say whether a word holds no control character, backslash or byte beyond ASCII."""
    odd = (word | ((word | _TOPS) - _BLANKS) ^ _TOPS) & _TOPS
    return bool((odd | zero(word ^ _SLASHES)) == _NONE)


@kernel
def name(words: Words, at: int) -> int:
    """Read a name from after its quote on, in ASCII without escapes; return where its quote is."""
    while True:
        word = words[at]
        marks = zero(word ^ _QUOTES)
        if marks != _NONE:
            mine = below(marks)
            return at + size(mine) if plain((word & mine) | (_BLANKS & ~mine)) else -1
        if not plain(word):
            return -1
        at += 8


@kernel
def eight(word: np.uint64) -> int:
    """Return the number of eight digits, -1 where they are not all digits."""
    if ((word & _HIGHS) | (((word + _SIXES) & _HIGHS) >> U(4))) != _THREES:
        return -1
    word = word - _ZEROS
    word = (word * U(10) + (word >> U(8))) & U(0x00FF00FF00FF00FF)
    word = (word * U(100) + (word >> U(16))) & U(0x0000FFFF0000FFFF)
    return int(np.int64((word * U(10_000) + (word >> U(32))) & U(0xFFFFFFFF)))


@kernel
def run(words: Words, at: int, told: int) -> tuple[int, int]:
    """Read digits on: return where they end, and the number with them."""
    digit = octet(words, at) - _ZERO
    while 0 <= digit <= 9:
        told = told * 10 + digit
        at += 1
        digit = octet(words, at) - _ZERO
    return at, told


@kernel
def natural(words: Words, at: int) -> tuple[int, int]:
    """Read a whole number of few digits: return where it ends, and the number."""
    start, told = at, 0
    high = eight(words[at])
    if high >= 0:
        at, told = at + 8, high
    at, told = run(words, at, told)
    padded = octet(words, start) == _ZERO and at > start + 1
    return (-1 if at == start or at > start + _DIGITS or padded else at), told


@kernel
def power(words: Words, at: int) -> int:
    """Go past an exponent, if there is one."""
    if at < 0 or octet(words, at) | 32 != _E:
        return at
    sign = octet(words, at + 1)
    at += 2 if sign in (_PLUS, _MINUS) else 1
    end, _ = run(words, at, 0)
    return end if end > at else -1


@kernel
def number(words: Words, at: int) -> tuple[int, float, bool]:
    """Read a number: return where it ends, the float next to it, and whether to read by hand."""
    minus = octet(words, at) == _MINUS
    first = at + 1 if minus else at
    dot, mantissa = run(words, first, 0)
    end = dot
    if octet(words, dot) == _DOT:
        end, mantissa = run(words, dot + 1, mantissa)
        end = -1 if end == dot + 1 else end
    stop = power(words, end)
    if dot == first or stop < 0 or (octet(words, first) == _ZERO and dot > first + 1):
        return -1, 0.0, False
    many = end - first > _FIGURES or mantissa > _EXACT or (minus and mantissa == 0)
    if stop > end or many:
        return stop, 0.0, True
    found = mantissa / _POWERS[end - dot - 1 if end > dot else 0]
    return end, -found if minus else found, False
