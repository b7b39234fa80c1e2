"""Drawing a package: its declaration becomes a process in which all that can begins at once."""

from mindu.apps.services.items import Library
from mindu.apps.services.kind import CASE
from mindu.apps.services.package import Instant, Package, Part
from mindu.engines.process import Definition
from mindu.engines.process.draft import Draft

WINDOW = "window"
AT_WINDOW = 2  # working days to take an application in and to give all results out; ours
AGAIN = "5wd"  # until an approval is looked at again; ours


def drawn(package: Package, items: Library) -> Definition:
    """Draw the process of a package."""
    unit = WINDOW if package.instant is None else items.at(package.parts[0].item).department.zh
    draft = Draft(
        package.id, title=package.title.zh, case=CASE, term=f"{_days(package, items)}wd", unit=unit
    )
    draft.node("start", "start")
    if package.instant is not None:
        _instant(draft, package, package.instant, items)
        return draft.definition()
    last = _taken_in(draft)
    if package.situations:
        draft.node("situations", "rule", name="情形引导", decision=package.situations,
                   result="situations")  # fmt: skip
        draft.line(last, "situations")
        last = "situations"
    draft.line("start", "accept")
    _parts(draft, package, items, last)
    return draft.definition()


def _taken_in(draft: Draft) -> str:
    """Draw how the window takes an application in, or says why it does not."""
    draft.node("accept", "user", name="受理 accept", groups=WINDOW, stage="accept",
               outputs=(("approved", "accepted"), ("result", "accept_note")))  # fmt: skip
    draft.node("taken_in", "exclusive", name="是否受理 is it taken in?")
    draft.node("not_taken_in", "end", name="不予受理 not taken in")
    draft.line("accept", "taken_in")
    draft.flow("taken_in", "not_taken_in", when="accepted = false")
    draft.node("is_taken_in", "exclusive")
    draft.nodes["taken_in"]["default"] = draft.flow("taken_in", "is_taken_in", name="受理 yes")
    return "is_taken_in"


def _parts(draft: Draft, package: Package, items: Library, last: str) -> None:
    """Draw each part behind what it depends on; what depends on nothing begins at once."""
    before = {part.item: part.after or (last,) for part in package.parts}
    needed = {one for after in before.values() for one in after}
    ends = [part.item for part in package.parts if part.item not in needed]
    out: dict[str, str] = {last: draft.node("split", "parallel")}
    draft.line(last, "split")
    for part in package.parts:
        entry, leave = _part(draft, part, items)
        if len(before[part.item]) > 1:
            draft.node(f"all_{part.item}", "parallel")
            draft.line(f"all_{part.item}", entry)
            entry = f"all_{part.item}"
        draft.node(f"then_{part.item}", "parallel")
        draft.line(leave, f"then_{part.item}")
        out[part.item] = f"then_{part.item}"
        for one in before[part.item]:
            draft.line(out[one], entry)
    draft.node("join", "parallel")
    draft.node("deliver", "user", name="统一出件 deliver all results", groups=WINDOW,
               stage="deliver")  # fmt: skip
    draft.node("end", "end", name="办结 done")
    for one in ends:
        draft.line(out[one], "join")
    draft.line("join", "deliver", "end")


def _part(draft: Draft, part: Part, items: Library) -> tuple[str, str]:
    """Draw one item: skipped when not needed or when what it rests on was refused."""
    item = items.at(part.item)
    needs = [f"{one}_approved = true" for one in part.after]
    needs += [f"({part.when})"] if part.when else []
    draft.node(part.item, "user", name=f"{item.name.zh} {item.name.en}", groups=item.department.zh,
               form=item.form, term=f"{item.promised_days}wd" if item.promised_days else "",
               outputs=(("approved", f"{part.item}_approved"),
                        ("result", f"{part.item}_result")))  # fmt: skip
    if not needs:
        return part.item, part.item
    gate, merge = f"if_{part.item}", f"fi_{part.item}"
    draft.node(gate, "exclusive", name=f"是否办理{item.name.zh}")
    draft.node(merge, "exclusive")
    draft.flow(gate, part.item, when=" and ".join(needs))
    skip = draft.flow(gate, merge, name="不需要 not needed")
    draft.nodes[gate]["default"] = skip
    draft.line(part.item, merge)
    return gate, merge


def _days(package: Package, items: Library) -> int:
    """Return the working days of the whole: along the longest chain, and to take in and give out.

    What is approved at once has the days of the law where a person has to decide.
    """
    if package.instant is not None:
        return items.at(package.parts[0].item).legal_days
    until: dict[str, int] = {}
    left = list(package.parts)
    while left:
        part = next(one for one in left if set(one.after) <= until.keys())
        left.remove(part)
        days = items.at(part.item).promised_days
        until[part.item] = days + max((until[one] for one in part.after), default=0)
    return max(until.values()) + AT_WINDOW


def _instant(draft: Draft, package: Package, instant: Instant, items: Library) -> None:
    """Draw: decide → approve at once, some of them looked at again by a person; else a person."""
    item = package.parts[0].item
    draft.node("decide", "rule", name="秒批 decide by rule", decision=instant.decision,
               result="decision")  # fmt: skip
    draft.node("route", "exclusive", name="能否秒批 can it be approved at once?")
    draft.node("approve", "script", name="自动批准 approve", script="true",
               result=f"{item}_approved")  # fmt: skip
    draft.node("person", "user", name="人工审核 a person decides", groups="benefits",
               term=f"{items.at(item).legal_days}wd",
               outputs=(("approved", f"{item}_approved"),
                        ("result", f"{item}_result")))  # fmt: skip
    draft.node("decided", "end", name="人工办结 decided by a person")
    draft.line("start", "decide", "route")
    draft.flow("route", "approve", when='decision.route = "approve"')
    draft.nodes["route"]["default"] = draft.flow("route", "person", name="转人工 to a person")
    draft.line("person", "decided")
    _second_look(draft, item)


def _second_look(draft: Draft, item: str) -> None:
    """Draw: some approvals are looked at again; one that is not agreed to is taken back."""
    draft.node("sampled", "exclusive", name="是否抽查 is it sampled?")
    draft.node("audit", "user", name="事后抽查 look again", groups="audit", term=AGAIN,
               outputs=(("approved", "audit_agrees"), ("result", "audit_note")))  # fmt: skip
    draft.node("agreed", "exclusive", name="是否同意 does it agree?")
    draft.node("anew", "script", name="撤回秒批 take the approval back", script="null",
               result=f"{item}_approved")  # fmt: skip
    draft.node("approved", "end", name="秒批办结 approved at once")
    draft.node("audited", "end", name="抽查办结 approved and looked at")
    draft.line("approve", "sampled")
    draft.flow("sampled", "audit", when="sampled = true")
    draft.nodes["sampled"]["default"] = draft.flow("sampled", "approved", name="不抽查 no")
    draft.line("audit", "agreed")
    draft.flow("agreed", "audited", when="audit_agrees = true")
    draft.nodes["agreed"]["default"] = draft.flow("agreed", "anew", name="不同意 no")
    draft.line("anew", "person")
