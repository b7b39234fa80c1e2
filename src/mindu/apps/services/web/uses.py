"""Uses: what a receipt says was done with one's data, in words."""

from collections.abc import Mapping
from datetime import datetime

from mindu.apps.services.counter import Counter
from mindu.apps.services.own.called import called
from mindu.apps.services.package import Package
from mindu.city import CITY, Words

ACTS = Words("who acts for you", "受托人")
PURPOSES = {
    "checked": Words("a licence was checked", "查验证照"),
    "shown": Words("you showed a licence", "出示证照"),
    "delegation": Words("somebody acted for you", "受托代办"),
    "rating": Words("your rating is put right", "差评回访整改"),
    "prefilled": Words("filled in for you", "预填表单"),
}


def said(counter: Counter, use: Mapping[str, object], lang: str) -> str:
    """Return a use as people read it; what has no word stays as it was written."""
    first, _, rest = str(use.get("purpose") or "").partition("/")
    part = rest
    package = counter.packages.get(first)
    if package is not None:
        head = _in(package.title, lang)
    else:
        about = counter.packages.get(rest)
        rest = rest if about is None else _in(about.title, lang)
        head = " ".join(p for p in (_in(PURPOSES.get(first, Words(first, first)), lang), rest) if p)
    names = [one.strip() for one in str(use.get("fields") or "").split(",") if one.strip()]
    asked = package or counter.packages.get(str(use.get("who"))) or counter.packages.get(part)
    labels = {} if asked is None else _labels(asked, rest if package else "", lang)
    fields = ("、" if lang == "zh" else ", ").join(labels.get(one, one) for one in names)
    kind = str(use.get("material") or "")
    material = _in(Words(*called(counter.packages.values(), kind)[0]), lang) if kind else ""
    return " · ".join(p for p in (head, material, fields) if p)


def whose(counter: Counter, use: Mapping[str, object], lang: str) -> str:
    """Return when a use was and whose it was: a matter by its title, who acts for one as that."""
    at = datetime.fromisoformat(str(use["at"])).astimezone(CITY)
    who = str(use.get("who") or "")
    if str(use.get("purpose") or "").startswith("delegation/"):
        who = _in(ACTS, lang)
    elif who in counter.packages:
        who = _in(counter.packages[who].title, lang)
    return f"{at:%Y-%m-%d %H:%M} {who}"


def _labels(package: Package, node: str, lang: str) -> dict[str, str]:
    """Return what the fields of a step are called: by the questions behind them."""
    asked = package.filled().fields
    maps = next((part.maps for part in package.parts if part.item == node), {})
    own = {name: name for name in asked} | dict(maps)
    return {name: asked[one].label.to(lang) for name, one in own.items() if one in asked}


def _in(words: Words, lang: str) -> str:
    return words.zh if lang == "zh" else words.en
