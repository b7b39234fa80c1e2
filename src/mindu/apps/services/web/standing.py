"""How an application stands, item by item, for whoever holds its number."""

from starlette.responses import Response

from mindu.apps.services.numbers import instance_of
from mindu.apps.services.own import mending
from mindu.apps.services.progress import Part, Progress
from mindu.apps.services.web.entrusted import beyond
from mindu.apps.services.web.site import Visit, gone, to
from mindu.city import CITY
from mindu.engines.forms.render import Ask, Note

STATUS = {
    "waiting": ("waits for what comes before it", "等待前置事项"),
    "open": ("is being worked on", "办理中"),
    "again": ("being decided again", "重新办理中"),
    "approved": ("approved", "已批准"),
    "refused": ("refused", "不予批准"),
    "not_needed": ("not needed", "无需办理"),
    "accept": ("begins once it is taken in", "受理后开始"),
    "running": ("under way", "办理中"),
    "ended": ("closed", "已办结"),
    "void": ("void", "已作废"),
    "withdrawn": ("withdrawn", "已撤回"),
}
LEVELS = (("5", "very good", "非常满意"), ("4", "good", "满意"), ("3", "fair", "基本满意"),
          ("2", "bad", "不满意"), ("1", "very bad", "非常不满意"))  # fmt: skip
IN_HAND = {
    "accept": ("The one window looks whether everything is there.", "综合窗口正在受理审查。"),
    "deliver": ("The departments are done; the one window hands the results over.",
                "各部门已办完,综合窗口正在统一出件。"),
    "person": ("The rules could not approve it at once; an officer decides.",
               "未能秒批,正由工作人员人工审核。"),
    "audit": ("It is approved; an officer looks at it once more, by sample.",
              "已批准;正由工作人员抽查复核。"),
}  # fmt: skip


def progress(visit: Visit) -> Response:
    """Tell how an application stands, item by item."""
    counter = visit.site.counter
    try:
        follows = _follows(visit)
        by = visit.who if follows else ""
        found = counter.progress(visit.one("number"), visit.site.now(), by=by)
        instance = instance_of(visit.one("number"))
        mine = follows and counter.processes.state(instance).applicant == visit.who
    except (ValueError, KeyError):
        title = visit.say("There is no such number", "没有这个办件编号")
        return visit.page(
            Note(title=title, texts=(visit.say("Look again.", "请核对后重试。"),)), 404
        )
    rows = tuple(
        (
            f"{visit.say(p.name.en, p.name.zh)}({visit.say(p.department.en, p.department.zh)})",
            visit.say(*STATUS[_shown(p, found)]) + _more(visit, p, mine=mine),
            "",
        )
        for p in found.parts
    )
    ask = _next(visit, found.number, ended=found.status == "ended") if mine else None
    why = _why(visit, instance, found.status) if mine else ""
    status = visit.say(*STATUS.get(found.status, (found.status, found.status)))
    texts = (status, found.paused, why, _refused(visit, found.refused),
             visit.say(*IN_HAND.get(found.with_whom, ("", ""))), _until(visit, found))  # fmt: skip
    return visit.page(
        Note(title=found.number, texts=tuple(t for t in texts if t), rows=rows, ask=ask)
    )


def _follows(visit: Visit) -> bool:
    """Say whether a case is followed as one's own; who acts for another does so with a receipt."""
    if visit.who == visit.by:
        return True
    matter = visit.site.counter.package_of(instance_of(visit.one("number")))
    return visit.reaches("follow", matter) and visit.may("follow", matter)


def _shown(part: Part, whole: Progress) -> str:
    """Return how a part stands; what nobody took in, or a person decides, waits for no other."""
    if part.status == "waiting" and whole.with_whom == "accept":
        return whole.with_whom
    return "open" if part.status == "waiting" and whole.with_whom == "person" else part.status


def _next(visit: Visit, number: str, *, ended: bool) -> Ask | None:
    """Return what the applicant may do now: mend what came back, or rate what is closed."""
    instance, counter = instance_of(number), visit.site.counter
    can = visit.reaches("apply", counter.package_of(instance))
    if can and mending.waits(counter, instance, visit.who) is not None:
        told = ("number", visit.say("It came back to you", "已退回补正"), number)
        return Ask(action=f"/mend?lang={visit.lang}", button=visit.say("Mend it", "补正修改"),
                   fields=(told,))  # fmt: skip
    if not ended or visit.who != visit.by:  # a rating is the person's own
        return None
    return Ask(action=f"/rate?lang={visit.lang}", button=visit.say("Rate it", "评价"), fields=(
        ("number", visit.say("Tracking number", "办件编号"), number),
        ("said", visit.say("What you want to say", "您的意见"), ""),
    ), one_of=("stars", visit.say("How was it?", "您对本次办理的评价"),
               tuple((value, visit.say(en, zh)) for value, en, zh in LEVELS)))  # fmt: skip


def _refused(visit: Visit, note: str) -> str:
    return visit.named("It was not taken in", "不予受理", note) if note else ""


def _why(visit: Visit, instance: int, status: str) -> str:
    """Return what the officer wrote who gave it back to its applicant, or voided it."""
    counter = visit.site.counter
    if status == "void":
        return visit.named("Why it was voided", "作废原因", counter.processes.why(instance, "Void"))
    if mending.waits(counter, instance, visit.who) is None:
        return ""
    told = counter.processes.why(instance, "Return")
    return visit.named("Why it came back", "退回原因", told) if told else ""


def _more(visit: Visit, part: Part, *, mine: bool) -> str:
    """Return until when a part is promised; what came of it is the applicant's to read."""
    if mine and part.result.zh:
        return visit.say(f": {part.result.en}", f":{part.result.zh}")
    late = visit.say(" – late", "(超期)") if part.late else ""
    if part.due is None:
        return late
    day = part.due.astimezone(CITY).date().isoformat()
    return visit.say(f", until {day}", f",{day} 前办结") + late


def _until(visit: Visit, found: Progress) -> str:
    """Return until when the whole is promised, while it is under way and its clock runs."""
    if found.due is None or found.status != "running" or found.paused:
        return ""
    day = found.due.astimezone(CITY).date().isoformat()
    late = found.level in {"red", "purple"}
    return visit.say(f"Promised until {day}.", f"承诺于 {day} 前办结。") + (
        visit.say(" It is late.", "已超期。") if late else ""
    )


def mend(visit: Visit) -> Response:
    """Lay an application that came back out again, page by page."""
    if visit.request.method != "POST":
        return gone(visit)
    try:
        instance = instance_of(visit.one("number"))
        matter = visit.site.counter.package_of(instance)
        if (refused := beyond(visit, "apply", matter)) is not None:
            return refused
        package = mending.begin(visit.site.counter, instance, visit.who)
    except (ValueError, KeyError) as why:
        title = visit.say("It cannot be mended", "不能补正")
        return visit.page(Note(title=title, texts=(visit.why(why),)), 422)
    return to(f"/{package}/", visit)
