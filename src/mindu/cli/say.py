"""What the command line says: words or JSON on standard output, progress on standard error."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.base.wrong import said
from mindu.console.words import pick

GOOD, FOUND, USAGE = 0, 1, 2


class Trouble(Exception):  # noqa: N818 - it is told to a person, not handled by code
    """Something a person can mend; says what is wrong and how."""

    def __init__(self, wrong: Words, mend: Words, *, code: int = USAGE) -> None:
        """Carry both sentences and the exit code."""
        super().__init__(f"{wrong.en} {mend.en}")
        self.wrong, self.mend, self.code = wrong, mend, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one run of the command line speaks."""

    lang: str
    json: bool

    def data(self, data: object, text: str) -> None:
        """Print data as JSON if that was asked for, else the text."""
        print(msgspec.json.encode(data).decode() if self.json else text, flush=True)

    def note(self, words: Words) -> None:
        """Say a sentence beside the result."""
        print(pick(words, self.lang), file=sys.stderr, flush=True)

    def trouble(self, trouble: Trouble) -> None:
        """Say what is wrong and how to mend it."""
        wrong, mend = pick(trouble.wrong, self.lang), pick(trouble.mend, self.lang)
        if self.json:
            print(msgspec.json.encode({"error": wrong, "mend": mend}).decode(), flush=True)
        print(f"mindu: {wrong}\n  → {mend}", file=sys.stderr, flush=True)


def carried_out(verb: Callable[[], int], voice: Voice) -> int:
    """Run a verb of a family that reads its own words; return its exit code, troubles told."""
    try:
        return verb()
    except Trouble as trouble:
        voice.trouble(trouble)
        return trouble.code
    except BrokenPipeError:
        return GOOD
    except (ValueError, KeyError, OSError, RuntimeError) as wrong:
        key = isinstance(wrong, KeyError)
        why = Words(str(wrong.args[0]), str(wrong.args[0])) if key else said(wrong)
        mend = Words("Mend it and run this again.", "请改正后重试。")
        voice.trouble(Trouble(why, mend))
        return USAGE


def language(asked: str | None, environment: Mapping[str, str]) -> str:
    """Return the language asked for, else the one of LC_ALL or LANG, else English."""
    told = environment.get("LC_ALL") or environment.get("LANG") or ""
    return asked or ("zh" if told.lower().startswith("zh") else "en")


def state(asked: Path | None) -> Path:
    """Return the folder that holds the city's log: asked for, or the user's state folder."""
    if asked is not None:
        return asked
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base else Path.home() / ".local" / "state") / "mindu"
