"""Checks: a reply is looked at before it goes on; what is plainly wrong does not leave the unit."""

from mindu.base.records import Words
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Refusal
from mindu.edge.aid.library import Library
from mindu.edge.counter.counter import Counter
from mindu.engines.text.assist import Fault, check_reply

CHECKED = frozenset({"reply", "feed_back"})
AGAIN = 0.8  # share of pairs of letters in common from which a reply is the one that came back
BACK = Fault(
    "again",
    "与此前未解决问题的答复几乎相同",
    "nearly the answer with which this case came back",
    "stop",
)
GAP = Fault("gap", "模板里还有空未填", "a gap of the template is not filled in", "stop")
GAPS = ("……", "......", "{", "}")


def faults(counter: Counter, library: Library, number: int, reply: str) -> list[Fault]:
    """Return what is to be mended in a reply to a case; `stop` must not go as it is."""
    case = counter.opening(number)
    who = counter.vault.get(case.caller, "who")
    own = [str(v) for v in who.values() if v] if isinstance(who, dict) else []
    found = list(check_reply(f"{case.title}\n{case.text}", reply, own=own))
    found += [GAP] if any(gap in reply for gap in GAPS) else []
    before = library.failed(number)
    if before and _alike(before, reply) >= AGAIN:
        found.append(BACK)
    return found


def stopping(counter: Counter, library: Library, number: int, wish: Wish) -> None:
    """Let a reply pass, or say what must be mended first.

    Raises:
        Refusal: something in it must not go out.
    """
    if wish.name not in CHECKED:
        return
    found = [f for f in faults(counter, library, number, wish.note) if f.weight == "stop"]
    if found:
        raise Refusal(
            Words(
                "The reply cannot go as it is: " + "; ".join(f.en for f in found) + ".",
                "答复暂不能提交:" + ";".join(f.zh for f in found) + "。",
            )
        )


def _alike(one: str, other: str) -> float:
    mine, theirs = _pairs(one), _pairs(other)
    return len(mine & theirs) / max(1, len(mine | theirs))


def _pairs(text: str) -> set[str]:
    letters = "".join(sign for sign in text if sign.isalnum())
    return {letters[at : at + 2] for at in range(len(letters) - 1)}
