"""The form by which people tell the city something: phone first, and whole without script."""

from collections.abc import Mapping
from html import escape

from starlette.datastructures import FormData

from mindu.base.records import Value
from mindu.brain.casework.kinds import Attribute, CaseKind
from mindu.brain.casework.month import quickest
from mindu.edge.counter.pages import Look
from mindu.edge.counter.plain import MOST
from mindu.edge.counter.words import pick

QUICK = 10  # services at one touch
EMPTY: Mapping[str, str] = {}


def form(look: Look, given: Mapping[str, str] = EMPTY, *, wrong: str = "") -> str:
    """Return the form with what was given already; a chosen service brings its own questions."""
    service = given.get("service", "")
    alarm = f'<p class="alarm" role="alert">{escape(wrong)}</p>' if wrong else ""
    chosen = look.counter.service(look.kind, service)
    asks = "".join(_ask(look, a, given) for a in chosen.attributes) if chosen else ""
    asks = f"<fieldset><legend>{look.say('more')}</legend>{asks}</fieldset>" if asks else ""
    return look.page(
        f"<h1>{look.say('title')}</h1><p>{escape(pick(look.kind.title, look.lang))} · "
        f"{look.say('lead')}</p>{alarm}{_quick(look)}"
        f'<form method="post" action="{look.to("/report")}" enctype="multipart/form-data">'
        f'<label for="service">{look.say("what")}</label>'
        f'<select id="service" name="service">{services(look, service)}</select>{asks}'
        f'<label for="text">{look.say("text")}</label>'
        f'<p class="hint" id="text-hint">{look.say("text_hint")}</p>'
        '<textarea id="text" name="text" required maxlength="4000" aria-describedby="text-hint">'
        f"{_held(given, 'text')}</textarea>{_where(look, given)}{_who(look, given)}"
        # A field that nobody sees: only a machine fills it in.
        '<div hidden><label for="website">website</label>'
        '<input id="website" name="website" tabindex="-1" autocomplete="off"></div>'
        f"<button>{look.say('send')}</button></form>"
    )


def _quick(look: Look) -> str:
    declared = [code for _, code, *_ in look.counter.office.rows("quick", look.kind.name)]
    codes = quickest(look.counter.office, declared, look.counter.clock.now())
    told = ((code, look.counter.service(look.kind, code)) for code in codes)
    found = [(code, service) for code, service in told if service is not None][:QUICK]
    items = "".join(
        f'<li><a href="{look.to("/", service=code)}">{escape(pick(s.name, look.lang))}</a></li>'
        for code, s in found
    )
    return f'<h2>{look.say("quick")}</h2><ul class="quick">{items}</ul>' if items else ""


def services(look: Look, chosen: str) -> str:
    """Return the services as choices, by group."""
    groups: dict[str, list[str]] = {}
    for service in look.kind.services:
        on = " selected" if service.code == chosen else ""
        name = escape(pick(service.name, look.lang))
        option = f'<option value="{escape(service.code)}"{on}>{name}</option>'
        groups.setdefault(pick(service.group, look.lang), []).append(option)
    told = "".join(
        f'<optgroup label="{escape(group)}">{"".join(items)}</optgroup>'
        for group, items in groups.items()
    )
    return f'<option value="">{look.say("choose")}</option>{told}'


def answers(told: FormData, kind: CaseKind, code: str) -> dict[str, Value]:
    """Return what was answered to a service's own questions; what nobody asked is left out."""
    found: dict[str, Value] = {}
    for asked in (a for s in kind.services if s.code == code for a in s.attributes):
        given = [str(value).strip() for value in told.getlist(f"attribute[{asked.code}]")]
        if text := ",".join(value for value in given if value)[:500]:
            found[f"attribute.{asked.code}"] = text
    return found


def _ask(look: Look, asked: Attribute, given: Mapping[str, str]) -> str:
    name, label = escape(f"attribute[{asked.code}]"), escape(pick(asked.asks, look.lang))
    held = given.get(f"attribute[{asked.code}]", "")
    need = " required" if asked.required else ""
    if asked.values:
        many = " multiple" if asked.datatype == "multivaluelist" else ""
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if key in held.split(",") else ""}>'
            f"{escape(pick(text, look.lang))}</option>"
            for key, text in asked.values
        )
        empty = "" if many else '<option value=""></option>'
        return f'<label>{label}<select name="{name}"{many}{need}>{empty}{options}</select></label>'
    kind = {"number": "number", "datetime": "datetime-local"}.get(asked.datatype, "text")
    return (
        f'<label>{label}<input type="{kind}" name="{name}" maxlength="500" '
        f'value="{escape(held)}"{need}></label>'
    )


def areas(look: Look, chosen: str = "") -> str:
    """Return the districts as choices."""
    return "".join(
        f'<option value="{escape(j.code)}"{" selected" if j.code == chosen else ""}>'
        f"{escape(pick(j.name, look.lang))}</option>"
        for j in look.kind.jurisdictions
    )


def _where(look: Look, given: Mapping[str, str]) -> str:
    sketch = escape(f"{look.base}/sketch.svg")
    return (
        f'<label for="place">{look.say("place")}</label><input id="place" name="place" '
        f'maxlength="200" autocomplete="street-address" value="{_held(given, "place")}">'
        f'<label for="area">{look.say("area")}</label>'
        f'<select id="area" name="area">{areas(look, given.get("area", ""))}</select>'
        f"<fieldset><legend>{look.say('pin')}</legend>"
        f'<button type="button" class="plain" id="here" hidden>{look.say("here")}</button>'
        f'<button type="button" class="plain" id="point" hidden data-sketch="{sketch}">'
        f"{look.say('point')}</button>"
        f'<div id="sketch" hidden><p class="hint" id="sketch-says">{look.say("sketch")}</p>'
        f'<div id="pin" tabindex="0" role="application" aria-label="{look.say("point")}" '
        'aria-describedby="sketch-says"></div><div class="pair">'
        f'<button type="button" class="plain" id="nearer">+ {look.say("nearer")}</button>'
        f'<button type="button" class="plain" id="farther">− {look.say("farther")}</button></div>'
        "</div>"
        f'<div class="pair"><label>{look.say("lat")}<input id="lat" name="lat" inputmode="decimal" '
        f'value="{_held(given, "lat")}"></label><label>{look.say("long")}<input id="long" '
        f'name="long" inputmode="decimal" value="{_held(given, "long")}"></label></div></fieldset>'
        f'<label for="photo">{look.say("photo")}</label><input id="photo" type="file" name="photo" '
        'accept="image/*" multiple>'
    )


def _who(look: Look, given: Mapping[str, str]) -> str:
    return (
        f'<label for="phone">{look.say("phone")}</label><input id="phone" name="phone" type="tel" '
        f'autocomplete="tel" maxlength="20" value="{_held(given, "phone")}">'
        f'<label for="name">{look.say("name")}</label><input id="name" name="name" '
        f'autocomplete="name" maxlength="60" value="{_held(given, "name")}">'
        f'<p class="hint">{look.say("private")}</p>'
    )


def typed(told: FormData) -> dict[str, str]:
    """Return what was typed, each field cut at a matter's length, as the form takes it back."""
    found: dict[str, list[str]] = {}
    for name, value in told.multi_items():
        if isinstance(value, str) and value:
            found.setdefault(name, []).append(value)
    return {name: ",".join(values)[:MOST] for name, values in found.items()}


def _held(given: Mapping[str, str], name: str) -> str:
    return escape(given.get(name, ""))
