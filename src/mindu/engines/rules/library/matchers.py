"""Matchers of a pattern: closures that try, go on, and come back, within a budget of steps."""

from collections.abc import Callable
from dataclasses import dataclass, field

from mindu.engines.rules.value.run import Refused

Test = Callable[[str], bool]
Onward = Callable[[int], int]


@dataclass(slots=True)
class Attempt:
    """A text under matching, its groups, and the steps that are left."""

    text: str
    budget: int
    steps: int = 0
    groups: dict[int, tuple[int, int]] = field(default_factory=dict)

    def spend(self) -> None:
        """Count a step."""
        self.steps += 1
        if self.steps > self.budget:
            raise Refused("steps", self.budget)


Matcher = Callable[[Attempt, int, Onward], int]  # the end of the match, or -1


def character(test: Test) -> Matcher:
    """Match one character."""

    def match(a: Attempt, i: int, onward: Onward) -> int:
        a.spend()
        return onward(i + 1) if i < len(a.text) and test(a.text[i]) else -1

    return match


def sequence(parts: list[Matcher]) -> Matcher:
    """Match parts one behind the other."""
    if len(parts) == 1:
        return parts[0]

    def match(a: Attempt, i: int, onward: Onward) -> int:
        def part(number: int, at: int) -> int:
            if number == len(parts):
                return onward(at)
            return parts[number](a, at, lambda j: part(number + 1, j))

        return part(0, i)

    return match


def alternatives(branches: list[Matcher]) -> Matcher:
    """Match the first branch that lets the rest match."""

    def match(a: Attempt, i: int, onward: Onward) -> int:
        for branch in branches:
            found = branch(a, i, onward)
            if found >= 0:
                return found
        return -1

    return match


def group(number: int, inner: Matcher) -> Matcher:
    """Match and remember where."""

    def match(a: Attempt, i: int, onward: Onward) -> int:
        def done(j: int) -> int:
            before = a.groups.get(number)
            a.groups[number] = (i, j)
            found = onward(j)
            if found < 0:
                if before is None:
                    del a.groups[number]
                else:
                    a.groups[number] = before
            return found

        return inner(a, i, done)

    return match


def back(number: int, caseless: bool) -> Matcher:  # noqa: FBT001 - a flag of the pattern itself
    """Match what a group matched."""

    def match(a: Attempt, i: int, onward: Onward) -> int:
        a.spend()
        begin, finish = a.groups.get(number, (0, 0))
        wanted = a.text[begin:finish]
        given = a.text[i : i + len(wanted)]
        same = given.casefold() == wanted.casefold() if caseless else given == wanted
        return onward(i + len(wanted)) if same else -1

    return match


def start(lines: bool) -> Matcher:  # noqa: FBT001 - a flag of the pattern itself
    """Match at the start of the text, or of a line."""

    def match(a: Attempt, i: int, onward: Onward) -> int:
        a.spend()
        here = i == 0 or (lines and a.text[i - 1] == "\n" and i < len(a.text))
        return onward(i) if here else -1

    return match


def end(lines: bool) -> Matcher:  # noqa: FBT001 - a flag of the pattern itself
    """Match at the end of the text, or of a line."""

    def match(a: Attempt, i: int, onward: Onward) -> int:
        a.spend()
        here = i == len(a.text) or (lines and a.text[i] == "\n")
        return onward(i) if here else -1

    return match


def repeated(inner: Matcher, low: int, high: int, *, greedy: bool) -> Matcher:
    """Match a part again and again; a high of -1 is no bound."""

    def match(a: Attempt, i: int, onward: Onward) -> int:
        def turn(count: int, at: int) -> int:
            a.spend()
            enough = count >= low
            if enough and not greedy:
                found = onward(at)
                if found >= 0:
                    return found
            if high < 0 or count < high:
                found = inner(a, at, lambda j: -1 if j == at and enough else turn(count + 1, j))
                if found >= 0:
                    return found
            return onward(at) if enough and greedy else -1

        return turn(0, i)

    return match


def many_characters(test: Test, low: int, high: int, *, greedy: bool) -> Matcher:
    """Match one kind of character again and again, without going deeper."""

    def reach(a: Attempt, i: int) -> int:
        most = len(a.text) if high < 0 else min(len(a.text), i + high)
        j = i
        while j < most and test(a.text[j]):
            a.spend()
            j += 1
        return j

    def match(a: Attempt, i: int, onward: Onward) -> int:
        last = reach(a, i)
        ends = range(i + low, last + 1)
        for j in reversed(ends) if greedy else ends:
            a.spend()
            found = onward(j)
            if found >= 0:
                return found
        return -1

    return match
