"""The modeller over the wire: each of its addresses bound to its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mindu.base.records import Words
from mindu.console.ask import Ask, Bad
from mindu.console.contract.common import Done, Seen
from mindu.console.contract.models.modelling import Draft, Models, Saved, SaveDraft, Whole
from mindu.console.contract.models.trying import (
    AskDecision,
    Decided,
    RunSamples,
    SamplesCame,
    Tried,
    Try,
)
from mindu.console.feed import NotDecided
from mindu.console.modelling.carrying import carried, previewed
from mindu.console.modelling.checking import checked
from mindu.console.modelling.comparing import compared
from mindu.console.modelling.deciding import decided, model_of
from mindu.console.modelling.drafts import line
from mindu.console.modelling.modelling import Modelling
from mindu.console.modelling.publishing import answer, proposals, propose
from mindu.console.modelling.reading import drawing
from mindu.console.modelling.samples import came
from mindu.console.modelling.trial import tried
from mindu.console.modelling.watching import watched

KINDS = ("bpmn", "dmn")
EITHER = Words("Give the text of a draft, or the key of a version.", "请给出草稿文本或版本键。")
AGAIN = Words("Try again: nothing was lost.", "请重试,内容不会丢失。")
EMPTY = Words("There is nothing to try.", "没有可试运行的内容。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call to the modeller: by whom, with what, and of which moment it speaks."""

    desk: Modelling
    ask: Ask
    seen: Seen
    by: str = ""
    where: Mapping[str, str] | None = None
    body: Any = None


def answered(name: str, asked: Asked) -> Any:  # noqa: ANN401 - as the address says
    """Answer one call.

    Raises:
        Bad: it may not be, or cannot be, answered so; the brain may be busy.
    """
    try:
        return BOUND[name](asked)
    except NotDecided as busy:
        raise Bad(503, busy.says, AGAIN) from busy


def listed(asked: Asked) -> Models:
    """Return all that is published, drawn and proposed."""
    found, part = asked.desk.versions(), asked.ask.text("q").casefold()
    kind = asked.ask.one_of("kind", KINDS)
    found = [
        one for one in found
        if kind in {"", one.kind} and part in " ".join((one.key, *one.names)).casefold()
    ]  # fmt: skip
    page, after = asked.ask.page(found)
    return Models(
        seen=asked.seen,
        versions=tuple(page),
        drafts=asked.desk.drafts.listed(),
        proposals=proposals(asked.desk),
        total=len(found),
        next=after,
    )


def whole(asked: Asked) -> Whole:
    """Return one version whole."""
    key = asked.ask.text("key")
    text = asked.desk.published(key).text
    return Whole(
        seen=asked.seen,
        version=asked.desk.version(key),
        text=text.decode("utf-8", "replace"),
        checked=checked(text),
    )


def draft(asked: Asked) -> Draft:
    """Return one draft whole."""
    return asked.desk.drafts.get(asked.ask.text("id"), asked.ask.whole("revision", 0))


def save(asked: Asked) -> Saved:
    """Keep a draft and say what is wrong with it."""
    told: SaveDraft = asked.body
    kept = asked.desk.drafts.save(told, by=asked.by, now=asked.desk.now())
    return Saved(draft=line(kept), checked=checked(kept.text))


def drop(asked: Asked) -> Done:
    """Put a draft away."""
    assert asked.where is not None, "the address names the draft"
    asked.desk.drafts.drop(asked.where["id"])
    return Done()


def step(asked: Asked) -> Tried:
    """Step through a process."""
    told: Try = asked.body
    return tried(asked.desk.models, drawing(_text(asked.desk, told)), told, asked.desk.now())


def decide(asked: Asked) -> Decided:
    """Try a decision."""
    told: AskDecision = asked.body
    model = model_of(_text(asked.desk, told))
    return decided(model, told.decision, told.inputs, asked.desk.now())


def samples(asked: Asked) -> SamplesCame:
    """Try a model with all its samples."""
    told: RunSamples = asked.body
    return came(asked.desk.models, told.text, told.samples, asked.desk.now())


def _text(desk: Modelling, told: Try | AskDecision) -> str | bytes:
    if not told.text and not told.key:
        raise Bad(422, EMPTY, EITHER, field="text")
    return told.text or desk.published(told.key).text


BOUND: dict[str, Callable[[Asked], Any]] = {
    "models": listed,
    "model": whole,
    "model_check": lambda a: checked(a.body.text),
    "draft": draft,
    "draft_save": save,
    "draft_drop": drop,
    "model_try": step,
    "model_decide": decide,
    "model_samples": samples,
    "model_compare": lambda a: compared(a.desk, a.ask.text("old"), a.ask.text("new"), a.seen),
    "model_propose": lambda a: propose(a.desk, a.body, a.by),
    "model_answer": lambda a: answer(a.desk, a.body, a.by),
    "model_watch": lambda a: watched(a.desk, a.ask, a.seen),
    "model_preview": lambda a: previewed(a.desk, a.body),
    "model_carry": lambda a: carried(a.desk, a.body, a.by),
}
