"""The modeller's forms: what a page without a script sends, done as the API does it."""

from collections.abc import Callable

import msgspec

from mindu.base.records import Words
from mindu.console.ask import Bad, wrong
from mindu.console.contract.common import Done, Role
from mindu.console.contract.models.modelling import AnswerModel, Kind, Propose, Sample, SaveDraft
from mindu.console.contract.models.table import DRAWS, PUBLISHES
from mindu.console.contract.models.watching import Carry
from mindu.console.look import Look
from mindu.console.modelling.carrying import carried
from mindu.console.modelling.modelling import need
from mindu.console.modelling.publishing import answer, propose
from mindu.console.modelling.starting import started
from mindu.console.pages.models import mapping
from mindu.console.wire.form import Form

OBJECT = Words('a JSON object like {"area": 420}', 'JSON 对象,如 {"area": 420}')
NUMBER = Words("a whole number", "整数")
SAMPLES = msgspec.json.Decoder(tuple[Sample, ...])


def save(look: Look, form: Form, by: str) -> Done:
    """Keep a draft; a new one without a source begins with a small drawing."""
    desk, name = need(look.feed.modelling), form.one("name")
    kind: Kind = "dmn" if form.one("kind") == "dmn" else "bpmn"
    text = form.one("text").replace("\r\n", "\n") or started(kind, name)
    told = SaveDraft(id=form.one("id"), name=name, kind=kind, text=text,
                     revision=_whole(form, "revision"), samples=_samples(form))  # fmt: skip
    desk.drafts.save(told, by=by, now=desk.now())
    return Done()


def sample(look: Look, form: Form, by: str) -> Done:
    """Keep one more sample case with a draft."""
    desk = need(look.feed.modelling)
    draft = desk.drafts.get(form.one("id"))
    try:
        given = msgspec.json.decode(form.one("given") or "{}", type=dict[str, object])
    except (msgspec.DecodeError, msgspec.ValidationError) as no:
        raise wrong("given", OBJECT.en, OBJECT.zh) from no
    made = Sample(name=form.one("sample")[:60] or f"{len(draft.samples) + 1}", of=form.one("of"),
                  given=given, expects=form.one("expects")[:2000])  # fmt: skip
    others = tuple(one for one in draft.samples if one.name != made.name)
    told = SaveDraft(id=draft.id, name=draft.name, kind=draft.kind, text=draft.text,
                     revision=_whole(form, "revision"), samples=(*others, made))  # fmt: skip
    desk.drafts.save(told, by=by, now=desk.now())
    return Done()


def copy(look: Look, form: Form, by: str) -> Done:
    """Begin a draft with the text of a version."""
    desk, key = need(look.feed.modelling), form.one("key")
    version, text = desk.version(key), desk.published(key).text.decode("utf-8", "replace")
    told = SaveDraft(name=version.names[0], kind=version.kind, text=text)
    desk.drafts.save(told, by=by, now=desk.now())
    return Done()


def drop(look: Look, form: Form, by: str) -> Done:
    """Put a draft away."""
    assert by, "somebody signed in"
    need(look.feed.modelling).drafts.drop(form.one("id"))
    return Done()


def put_forward(look: Look, form: Form, by: str) -> Done:
    """Publish a draft, or propose it."""
    told = Propose(draft=form.one("draft"), revision=_whole(form, "revision"),
                   reason=form.one("reason"))  # fmt: skip
    propose(need(look.feed.modelling), told, by)
    return Done()


def say(look: Look, form: Form, by: str) -> Done:
    """Answer a proposal."""
    yes = form.one("answer") == "yes"
    told = AnswerModel(id=_whole(form, "id"), yes=yes, reason=form.one("reason"))
    answer(need(look.feed.modelling), told, by)
    return Done()


def carry(look: Look, form: Form, by: str) -> Done:
    """Carry cases over."""
    told = Carry(old=form.one("old"), new=form.one("new"), nodes=mapping(form.one("nodes")),
                 reason=form.one("reason"))  # fmt: skip
    carried(need(look.feed.modelling), told, by)
    return Done()


def _whole(form: Form, name: str) -> int:
    told = form.one(name) or "0"
    if not told.isascii() or not told.isdigit() or len(told) > 12:
        raise wrong(name, NUMBER.en, NUMBER.zh)
    return int(told)


def _samples(form: Form) -> tuple[Sample, ...]:
    try:
        return SAMPLES.decode(form.one("samples") or "[]")
    except (msgspec.DecodeError, msgspec.ValidationError) as no:
        says = Words(f"The samples do not fit: {no}", f"样例不合要求:{no}")
        raise Bad(422, says, Words("Load the page again.", "请重新载入。"), field="samples") from no


Change = Callable[[Look, Form, str], Done]
MODEL_FORMS: dict[str, tuple[Role, Change, str]] = {
    "/models/save": (DRAWS, save, "done_kept"),
    "/models/sample": (DRAWS, sample, "done_kept"),
    "/models/copy": (DRAWS, copy, "done_kept"),
    "/models/drop": (DRAWS, drop, "done_dropped"),
    "/models/propose": (PUBLISHES, put_forward, "done_proposed"),
    "/models/answer": (PUBLISHES, say, "done_proposed"),
    "/models/carry": (PUBLISHES, carry, "done_carried"),
}
