"""Rating: what people say of a closed case, and what they said in public figures."""

from starlette.responses import Response

from mindu.apps.services.web.entrusted import own_alone
from mindu.apps.services.web.site import Visit
from mindu.engines.forms.render import Note


def rate(visit: Visit) -> Response:
    """Take a rating: from a form that carries our token, never from a link."""
    if visit.request.method != "POST":
        text = visit.say("Rate from the page of your number.", "请在办件进度页面评价。")
        return visit.page(Note(title=visit.say("Not rated", "评价未提交"), texts=(text,)), 405)
    if (refused := own_alone(visit)) is not None:
        return refused
    stars = visit.one("stars")
    try:
        case = visit.site.ratings.rate(
            visit.one("number"), int(stars) if stars.isdigit() else 0, visit.one("said"),
            by=visit.who, now=visit.site.now(),
        )  # fmt: skip
    except (ValueError, KeyError) as why:
        return visit.page(
            Note(title=visit.say("Not rated", "评价未提交"), texts=(visit.why(why),)), 422
        )
    text = visit.say("Thank you.", "感谢评价。")
    if case is not None:
        text = visit.say("Somebody will call you within a day.", "我们将在一个工作日内回访。")
    return visit.page(Note(title=visit.say("Rated", "已评价"), texts=(text,)))


def public(visit: Visit) -> Response:
    """Show what people said, in figures."""
    packages = visit.site.counter.packages
    rows = tuple(
        (visit.say(packages[s.name].title.en, packages[s.name].title.zh), visit.say(
            f"ratings: {s.ratings}, on average {s.average} stars; bad: {s.bad}, "
            f"put right: {s.put_right}",
            f"评价{s.ratings}次,平均{s.average}星;差评{s.bad}次,已整改{s.put_right}次"), "")
        for s in visit.site.ratings.scores(visit.site.now()) if s.name in packages
    )  # fmt: skip
    texts = () if rows else (visit.say("Nobody rated yet.", "暂无评价。"),)
    return visit.page(Note(title=visit.say("Ratings", "好差评公开"), rows=rows, texts=texts))
