"""The page: all panels on one sheet that reads well without a script."""

from functools import cache
from html import escape
from importlib.resources import files

from mindu.console import ledger, panels, plan
from mindu.console.panels import Look
from mindu.console.words import pick, say

SECTIONS = ("alerts", "map", "level", "plan", "weighed", "score", "places", "log")
LABELS = {"level": "level", "weighed": "weighed"}


def parts(look: Look, token: str) -> dict[str, str]:
    """Return the inside of every panel by name: what the script swaps in."""
    return {
        "pulse": panels.pulse(look),
        "banner": panels.banner(look),
        "alerts": panels.alerts(look),
        "map": panels.situation(look),
        "level": panels.level(look),
        "plan": plan.waiting(look, token),
        "weighed": plan.weighed(look),
        "score": ledger.score(look),
        "places": panels.places(look),
        "log": ledger.tail(look),
        "why": ledger.why(look),
    }


def page(look: Look, token: str, *, theme: str, told: str = "") -> str:
    """Return the whole page; `told` is a sentence about what the reader just did."""
    inside = parts(look, token)
    sections = "".join(_section(look, name, inside[name]) for name in SECTIONS)
    tongue = "zh-CN" if look.lang == "zh" else "en"
    name = escape(pick(look.feed.name, look.lang))
    note = f'<p class="told" role="status">{escape(told)}</p>' if told else ""
    return (
        f'<!doctype html><html lang="{tongue}" data-theme="{theme}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title>'
        '<link rel="icon" href="/face.svg"><link rel="stylesheet" href="/face.css">'
        '<script type="module" src="/face.js"></script></head>'
        f'<body data-seq="{look.board.seq}" data-lost="{look.say("lost")}">'
        f'<a class="vh skip" href="#alerts">{look.say("skip")}</a>{_header(look, name, theme)}'
        f'<div id="banner" role="alert">{inside["banner"]}</div>{note}'
        f'<main>{sections}</main><aside id="why" tabindex="-1">{inside["why"]}</aside>'
        '<p id="lost" role="status" class="bad" hidden></p></body></html>'
    )


@cache
def asset(name: str) -> bytes:
    """Return a file that ships with the face."""
    return files("mindu.console").joinpath(name).read_bytes()


def _header(look: Look, name: str, theme: str) -> str:
    other = "en" if look.lang == "zh" else "zh"
    turn = "light" if theme == "dark" else "dark"
    demo = f' <span class="demo">{look.say("demo")}</span>' if look.pulse.mode == "pretend" else ""
    return (
        f'<header><h1>{name}{demo}</h1><div id="pulse">{panels.pulse(look)}</div><nav>'
        f'<a class="btn" href="/report?lang={look.lang}">{look.say("report")}</a>'
        f'<a class="btn" href="/?theme={turn}">{look.say(turn)}</a>'
        f'<a class="btn" href="/?lang={other}" lang="{other}">{look.say("other")}</a>'
        "</nav></header>"
    )


def _section(look: Look, name: str, inside: str) -> str:
    live = ' aria-live="polite"' if name in {"alerts", "plan"} else ""
    title = escape(say(LABELS.get(name, name), look.lang))
    return (
        f'<section id="{name}" aria-labelledby="h-{name}" tabindex="-1">'
        f'<h2 id="h-{name}">{title}</h2><div class="in"{live}>{inside}</div></section>'
    )
