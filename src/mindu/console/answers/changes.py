"""Changes: what a person may do, checked here, done by the feed, told part by part."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from mindu.base.records import Action, Entry, Judgement, Value, Words
from mindu.base.time import DAY
from mindu.base.wrong import said
from mindu.console.answers.deeds import typed_name
from mindu.console.ask import Bad, wrong
from mindu.console.contract.ahead import Job, Wish
from mindu.console.contract.alerts import AlertDeed
from mindu.console.contract.common import Done, Failed, Reasoned
from mindu.console.contract.deeds import Decide
from mindu.console.feed import NotDecided
from mindu.console.kept.care import VERBS
from mindu.console.look import Look

BATCH = 200  # parts of one change
REASON = 300  # characters
LONGEST = 30 * DAY  # that an acknowledgement or silence may last
HOURS = 24.0  # h that a look ahead may span
WAIT = Words("Nobody here can look ahead.", "此处无法推演。")
COME_AGAIN = Words("Wait until one is over.", "请等其中一个结束。")
RUN = Words("Start the city with a log on disk: `mindu up`.", "请用 mindu up 启动带日志的城市。")


def care_for(look: Look, deed: AlertDeed, by: str) -> Done:
    """Acknowledge, own, silence or escalate alerts.

    Raises:
        Bad: no reason, too many at once, or a time that cannot be.
    """
    reason = _reason(deed.reason)
    held = _alerts(look, _batch(deed.seqs))
    until = _until(look, deed)
    args: dict[str, Value] = {"reason": reason}
    if until:
        args["until"] = until
    if deed.verb in {"own", "escalate"}:
        args["to"] = (deed.to.strip() or by)[:60]

    def do(seq: int) -> None:
        judged = held[seq].record
        assert isinstance(judged, Judgement)
        told = args | {"severity": float(judged.severity)}
        look.feed.remark(seq, VERBS[deed.verb], told, by=by)

    missing = [s for s in deed.seqs if s not in held]
    gone = Words("This alert no longer stands.", "该告警已不再成立。")
    done = _each(held, do)
    return Done(done=done.done, failed=(*done.failed, *(Failed(seq=s, why=gone) for s in missing)))


def decide(look: Look, answer: Decide, by: str) -> Done:
    """Say yes or no to one or many actions.

    Raises:
        Bad: no reason, too many at once, or a name that must be typed was not.
    """
    reason, seqs = _reason(answer.reason), _batch(answer.seqs)
    if answer.yes:
        _typed(look, seqs, answer.typed)
    return _each(seqs, lambda seq: look.feed.decide(seq, by=by, confirmed=answer.yes, note=reason))


def undo(look: Look, told: Reasoned, by: str) -> Done:
    """Take back what was sent."""
    reason = _reason(told.reason)
    return _each((told.seq,), lambda seq: look.feed.undo(seq, by=by, note=reason))


def take_back(look: Look, told: Reasoned, by: str) -> Done:
    """Take a lesson back."""
    reason = _reason(told.reason)
    return _each((told.seq,), lambda seq: look.feed.take_back(seq, by=by, note=reason))


def start(look: Look, wish: Wish, by: str) -> Job:
    """Start a look ahead.

    Raises:
        Bad: a lever, machine or span that cannot be, or nobody here looks ahead.
    """
    ahead = look.feed.ahead
    if ahead is None:
        raise Bad(409, WAIT, RUN)
    if not 0.0 < wish.hours <= HOURS:
        raise wrong("hours", f"more than 0, at most {HOURS:g}", f"0 至 {HOURS:g}")
    _levers(look, wish)
    _settings(look, wish)
    try:
        return ahead.start(wish, by=by)
    except ValueError as no:
        raise Bad(409, said(no), COME_AGAIN) from no


def _levers(look: Look, wish: Wish) -> None:
    levers = {lever.name: lever for lever in look.feed.city.levers}
    for name, value in wish.levers.items():
        if name not in levers:
            raise wrong("levers", " | ".join(levers), " | ".join(levers))
        low, high = levers[name].low, levers[name].high
        if not low <= value <= high:
            raise wrong(name, f"{low:g} to {high:g}", f"{low:g} 至 {high:g}")


def _settings(look: Look, wish: Wish) -> None:
    if len(wish.settings) > BATCH:
        raise wrong("settings", f"at most {BATCH}", f"最多 {BATCH} 项")
    for one in wish.settings:
        if one.about not in look.board.places or not 0.0 <= one.value <= 1.0:
            raise wrong("settings", "a machine of the city and 0 to 1", "城中设备与 0 至 1")
        if not 0.0 <= one.minute < wish.hours * 60.0:
            raise wrong("settings", "a minute within the look", "推演时段内的分钟")


def _each(seqs: Iterable[int], do: Callable[[int], None]) -> Done:
    done: list[int] = []
    failed: list[Failed] = []
    for seq in seqs:
        try:
            do(seq)
            done.append(seq)
        except NotDecided as why:
            failed.append(Failed(seq=seq, why=why.says))
    return Done(done=tuple(done), failed=tuple(failed))


def _reason(told: str) -> str:
    reason = told.strip()
    if not reason or len(reason) > REASON:
        raise wrong("reason", f"a reason of 1 to {REASON} characters", f"1 至 {REASON} 字的理由")
    return reason


def _batch(seqs: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= len(seqs) <= BATCH:
        raise wrong("seqs", f"1 to {BATCH} entries", f"1 至 {BATCH} 条")
    return tuple(dict.fromkeys(seqs))


def _alerts(look: Look, seqs: tuple[int, ...]) -> dict[int, Entry]:
    held = {entry.seq: entry for entry in look.board.alerts(look.pulse.now)}
    return {seq: held[seq] for seq in seqs if seq in held}


def _until(look: Look, deed: AlertDeed) -> str:
    """Return until when an acknowledgement or silence holds; each has an end."""
    if deed.verb not in {"ack", "silence"}:
        return ""
    now = look.pulse.now
    until = deed.until or now + timedelta(hours=1)
    if until.tzinfo is None or not now < until <= now + LONGEST:
        raise wrong("until", "a moment in the next 30 days", "30 天内的时刻")
    return until.isoformat()


def _typed(look: Look, seqs: tuple[int, ...], typed: str) -> None:
    """Let no yes to what cannot be taken back through without its name."""
    for seq in seqs:
        entry = look.board.actions.get(seq)
        name = typed_name(entry) if entry and isinstance(entry.record, Action) else ""
        names = {name, look.name(name).en, look.name(name).zh}
        if name and (len(seqs) > 1 or typed.strip() not in names):
            told = f"the name {look.name(name).en!r}, one action at a time: it cannot be taken back"
            raise wrong("typed", told, f"名称“{look.name(name).zh}”(不可撤回,须逐项批准)")
