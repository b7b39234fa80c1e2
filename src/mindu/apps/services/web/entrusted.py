"""Entrusted: who acts for another is told what is beyond it, before they begin and at each act."""

from starlette.responses import Response

from mindu.apps.services.web.site import Visit
from mindu.engines.forms.render import Note


def beyond(visit: Visit, what: str, matter: str) -> Response | None:
    """Return the page that an act is beyond what was entrusted; None where it is not."""
    return None if visit.reaches(what, matter) else refusal(visit)


def refusal(visit: Visit) -> Response:
    """Tell that it is beyond, what the delegation is for, and the ways on."""
    signed, scope, lang = visit.signed, visit.scope, f"?lang={visit.lang}"
    assert signed is not None, "who acts for another is signed in"
    whom = signed.behalf_name
    texts = (
        visit.say(f"You act for {whom}, and this is beyond what they entrusted to you.",
                  f"您正在代{whom}办理,此项超出其委托范围。"),
        "" if scope is None else _for(visit, whom),
        visit.say(f"Ask {whom} for a wider delegation, or sign out and act for yourself.",
                  f"请由{whom}另行委托;如为本人办理,请先退出登录。"),
    )  # fmt: skip
    rows = ((visit.say("What I may do here", "我可代办的事项"), "", f"/{lang}"),
            (visit.say("Sign out", "退出登录"), "", "/sign-out"))  # fmt: skip
    title = visit.say("Beyond the delegation", "超出委托范围")
    return visit.page(Note(title=title, texts=tuple(t for t in texts if t), rows=rows), 403)


def _for(visit: Visit, whom: str) -> str:
    """Return what a delegation is for: which acts, in which matters, until when."""
    scope = visit.scope
    assert scope is not None, "it is in force"
    packages = visit.site.counter.packages
    titles = [packages[one].title for one in scope.matters if one in packages]
    if not titles:
        matters = visit.say("all matters", "全部事项")
    else:
        matters = visit.say(", ".join(t.en for t in titles), "、".join(t.zh for t in titles))
    says = scope.says
    return visit.say(f"{whom} let you: {says.en} – in {matters}, until {scope.last}.",
                     f"{whom}委托您:{says.zh};事项:{matters};期限至 {scope.last}。")  # fmt: skip


def own_alone(visit: Visit) -> Response | None:
    """Return the page that something is for the person alone; None where it is that person."""
    if visit.signed is None or not visit.signed.delegation:
        return None
    text = visit.say("Nobody else sees or changes it, whatever was entrusted to them.",
                     "受托人无权查看或更改。")  # fmt: skip
    link = (visit.say("Back", "返回"), "", f"/mine?lang={visit.lang}")
    title = visit.say("This is for the person alone", "仅限本人")
    return visit.page(Note(title=title, texts=(text,), rows=(link,)), 403)


def over(visit: Visit, whom: str) -> Response:
    """Tell somebody that the delegation by which they acted has ended meanwhile."""
    texts = (visit.say(f"The delegation of {whom} ran out or was taken back: you are signed out "
                       "here.", f"{whom}的委托已到期或被收回,您已退出代办。"),
             visit.say(f"Answers that were saved stay with {whom}.",
                       f"已保存的内容留在{whom}的草稿中。"))  # fmt: skip
    link = (visit.say("Sign in again", "重新登录"), "", f"/sign-in?lang={visit.lang}")
    title = visit.say("You act for them no more", "代办已结束")
    return visit.page(Note(title=title, texts=texts, rows=(link,)), 403)
