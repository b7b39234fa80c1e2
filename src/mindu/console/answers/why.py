"""Why: the whole story behind an entry, from readings to lesson, with the proof that it is so."""

from collections.abc import Iterable, Sequence

from mindu.base.records import Entry, Forecast, Judgement, Lesson, Observation, Words
from mindu.brain.view import Param
from mindu.console.answers.channels import skill, window
from mindu.console.answers.deeds import courses, weighing_behind
from mindu.console.answers.learning import card
from mindu.console.ask import Ask, Bad, missing
from mindu.console.contract.learning import InForce, Node, Nodes, Proof, WhyOut
from mindu.console.contract.things import SeriesOut
from mindu.console.look import Look, word_of
from mindu.console.tell import says
from mindu.console.words import KINDS
from mindu.data.book.chain import digest
from mindu.data.book.merkle import included

BACK_S = 3 * 3600.0  # s of readings shown before a judgement
EVIDENCE = 8  # channels of evidence shown
PARAMS = 40


def why(look: Look, seq: int) -> WhyOut:
    """Return the whole story of one entry.

    Raises:
        Bad: there is no such entry at this moment.
    """
    entry = found(look, seq)
    chain = look.board.why(seq)
    weighed = weighing_behind(look, entry)
    scored = look.board.cards.get(entry.by)
    forecasts = [e for e in chain if isinstance(e.record, Forecast)]
    foretold = look.board.cards.get(forecasts[-1].by) if forecasts else scored
    return WhyOut(
        seen=look.seen,
        of=node(look, entry, whole=True),
        chain=tuple(node(look, e, whole=True) for e in chain),
        then=tuple(node(look, e, whole=True) for e in look.board.after(seq)),
        evidence=evidence(look, chain),
        models=tuple(_models(chain)),
        params=in_force(look, entry),
        courses=courses(weighed) if weighed else (),
        skill=skill(foretold),
        card=card(look, entry.by) if scored else None,
        proof=proof(look, seq),
    )


def found(look: Look, seq: int) -> Entry:
    """Return an entry that is known at this moment.

    Raises:
        Bad: there is none.
    """
    entry = look.board.known(seq)
    if entry is None:
        mend = f"The newest known then is #{look.board.seq}."
        raise missing(Words("entry", "条目"), Words(mend, f"当时最新为 #{look.board.seq}。"))
    return entry


def proof(look: Look, seq: int, size: int | None = None) -> Proof | None:
    """Return the proof that an entry stands in the tree, held against the tree's head here."""
    book = look.feed.book
    if book is None:
        return None
    whole = len(book) if size is None else size
    if not seq < whole <= len(book):
        said = Words("`size` is not right.", "`size` 有误。")
        mend = Words(f"Give {seq + 1} to {len(book)}.", f"请给出 {seq + 1} 至 {len(book)}。")
        raise Bad(422, said, mend, field="size")
    leaf = bytes.fromhex(digest(found(look, seq)))
    path, root = book.inclusion(seq, whole), book.root(whole)
    steps = [bytes.fromhex(step) for step in path]
    return Proof(
        seq=seq,
        leaf=leaf.hex(),
        size=whole,
        path=tuple(path),
        root=root,
        holds=included(leaf, seq, whole, steps, bytes.fromhex(root)),
    )


def node(look: Look, entry: Entry, *, whole: bool = False) -> Node:
    """Return one entry as a person reads it; `whole` brings the record itself."""
    return Node(
        seq=entry.seq,
        at=entry.at,
        kind=type(entry.record).__name__,
        word=word_of(entry, KINDS),
        about=entry.about,
        title=look.name(entry.about),
        by=entry.by,
        because=entry.because,
        says=says(entry.record),
        severity=int(getattr(entry.record, "severity", 0)),
        record=entry.record if whole else None,
    )


def nodes(look: Look, ask: Ask) -> Nodes:
    """List entries of the log, the newest first or from the first on."""
    kind, about, by = ask.text("kind"), ask.text("about"), ask.text("by")
    seqs: Sequence[int] = tuple(look.board.entries)
    if kind or about or by:
        held = look.board.entries.values()
        seqs = [
            e.seq
            for e in held
            if kind in {"", type(e.record).__name__} and about in {"", e.about} and by in {"", e.by}
        ]
    if ask.one_of("sort", ("newest", "oldest"), "newest") == "newest":
        seqs = seqs[::-1]
    page, after = ask.page(seqs)
    items = tuple(node(look, look.board.entries[seq]) for seq in page)
    return Nodes(seen=look.seen, items=items, next=after, total=len(seqs))


def evidence(look: Look, chain: Iterable[Entry]) -> tuple[SeriesOut, ...]:
    """Return the readings that the chain rests on, as they stood when they were judged."""
    told: dict[tuple[str, str], float] = {}
    for entry in chain:
        record, at = entry.record, entry.at.timestamp()
        if isinstance(record, Judgement):
            told |= {(e.about, e.prop): at for e in record.evidence}
        elif isinstance(record, Forecast | Observation):
            told[entry.about, record.prop] = at
    shown = list(told.items())[-EVIDENCE:]
    return tuple(
        window(look, about, prop, span=(at - BACK_S, at), points=200)
        for (about, prop), at in shown
        if (about, prop) in look.board.readings
    )


def in_force(look: Look, entry: Entry) -> tuple[InForce, ...]:
    """Return the parameters of the app that wrote an entry, as they stood then."""
    app = entry.by.partition(".")[0]
    params = [p for own in look.feed.city.apps if own.app.name == app for p in own.app.params]
    learned = {
        e.record.param: e
        for e in look.board.lessons
        if isinstance(e.record, Lesson) and e.seq <= entry.seq
    }
    return tuple(_param(p, entry, learned.get(p.name)) for p in params[:PARAMS])


def _param(param: Param, entry: Entry, lesson: Entry | None) -> InForce:
    told = lesson.record if lesson else None
    return InForce(
        name=param.name,
        value=told.value if isinstance(told, Lesson) else param.at(entry.at),
        unit=param.unit,
        low=param.within[0],
        high=param.within[1],
        source=param.reference,
        lesson=lesson.seq if lesson else None,
    )


def _models(chain: Iterable[Entry]) -> list[str]:
    told = [f"{e.by}: {e.record.model}" for e in chain if isinstance(e.record, Forecast)]
    return list(dict.fromkeys(told))
