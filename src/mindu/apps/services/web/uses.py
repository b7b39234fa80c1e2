"""Uses: what a receipt says was done with one's data, in words."""

from collections.abc import Mapping

from mindu.apps.services.counter import Counter
from mindu.apps.services.own.called import called
from mindu.apps.services.package import Package
from mindu.city import Words

PURPOSES = {
    "checked": Words("a licence was checked", "查验证照"),
    "shown": Words("you showed a licence", "出示证照"),
    "delegation": Words("somebody acted for you", "受托代办"),
    "prefilled": Words("filled in for you", "预填表单"),
}


def said(counter: Counter, use: Mapping[str, object], lang: str) -> str:
    """Return a use as people read it; what has no word stays as it was written."""
    first, _, rest = str(use.get("purpose") or "").partition("/")
    package = counter.packages.get(first)
    if package is not None:
        head = _in(package.title, lang)
    else:
        head = " ".join(p for p in (_in(PURPOSES.get(first, Words(first, first)), lang), rest) if p)
    names = [one.strip() for one in str(use.get("fields") or "").split(",") if one.strip()]
    labels = {} if package is None else _labels(package, rest, lang)
    fields = ("、" if lang == "zh" else ", ").join(labels.get(one, one) for one in names)
    kind = str(use.get("material") or "")
    material = _in(Words(*called(counter.packages.values(), kind)[0]), lang) if kind else ""
    return " · ".join(p for p in (head, material, fields) if p)


def _labels(package: Package, node: str, lang: str) -> dict[str, str]:
    """Return what the fields of a step are called: by the questions behind them."""
    asked = package.filled().fields
    maps = next((part.maps for part in package.parts if part.item == node), {})
    own = {name: name for name in asked} | dict(maps)
    return {name: asked[one].label.to(lang) for name, one in own.items() if one in asked}


def _in(words: Words, lang: str) -> str:
    return words.zh if lang == "zh" else words.en
