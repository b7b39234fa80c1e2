"""Harvest: what another portal tells of its datasets, as DCAT in any writing or by CKAN's API."""

import re
from hashlib import sha256
from typing import Any

from mindu.base.records import Words
from mindu.data.catalog.dataset import ELSEWHERE, Cycle, Dataset, Grade

MOST = 100_000  # datasets of one portal
MOST_WORDS = 4_000  # signs of one description
_CYCLES: dict[str, Cycle] = {
    "UPDATE_CONT": "live", "CONT": "live", "HOURLY": "hourly", "DAILY": "daily",
    "WEEKLY": "weekly", "MONTHLY": "monthly", "QUARTERLY": "quarterly", "ANNUAL": "yearly",
    "NEVER": "once",
}  # fmt: skip
_TAIL = re.compile(r"[:/#]")


def harvested(told: object, name: str) -> list[Dataset]:
    """Return the datasets of a portal that we call `name`; what has no title is left out.

    Raises:
        ValueError: it is neither DCAT nor an answer of CKAN, or far too much.
    """
    packages = _packages(told)
    if packages is not None:
        found = [made for one in packages if (made := _package(one, name)) is not None]
    else:
        found = [made for one in _nodes(told) if (made := _node(one, name)) is not None]
    if len(found) > MOST:
        raise ValueError(f"{name} tells of {len(found)} datasets; {MOST} at most")
    if not found:
        raise ValueError(f"{name} tells of no dataset: give DCAT, or package_search")
    return list({dataset.name: dataset for dataset in found}.values())


def _packages(told: object) -> list[dict[str, Any]] | None:
    result = told.get("result") if isinstance(told, dict) and "success" in told else None
    if isinstance(result, dict):
        result = result.get("results", [result])
    return [one for one in result if isinstance(one, dict)] if isinstance(result, list) else None


def _package(told: dict[str, Any], portal: str) -> Dataset | None:
    owner = told.get("organization")
    links = [one.get("url") for one in told.get("resources") or () if isinstance(one, dict)]
    return _made(portal, _text(told.get("id") or told.get("name")), {
        "title": _words(told.get("title")), "about": _words(told.get("notes")),
        "owner": _text(owner.get("title")) if isinstance(owner, dict) else "",
        "licence": _text(told.get("license_title") or told.get("license_id")),
        "link": next((link for link in links if isinstance(link, str)), ""),
    })  # fmt: skip


def _nodes(told: object) -> list[dict[str, Any]]:
    """Return every object of a JSON-LD document that is a dataset, names without prefixes.

    What is named elsewhere in the document stands in the place of its name.
    """
    waiting, budget = [told], 20 * MOST
    objects: list[dict[str, Any]] = []
    while waiting and budget:
        budget -= 1
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            objects.append({_short(verb): value for verb, value in one.items()})
            waiting += one.values()
    named = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str) and len(one) > 1}
    found = [one for one in objects if "Dataset" in _kinds(one)]
    for one in found:
        for verb in ("publisher", "distribution"):
            value = _first(one.get(verb))
            key = value.get("@id") if isinstance(value, dict) else value
            if isinstance(key, str) and key in named:
                one[verb] = named[key]
    return found


def _kinds(told: dict[str, Any]) -> set[str]:
    kinds = told.get("@type", ())
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {_short(kind) for kind in listed if isinstance(kind, str)}


def _node(told: dict[str, Any], portal: str) -> Dataset | None:
    publisher = _first(told.get("publisher"))
    owner = ""
    if isinstance(publisher, dict):
        names = {_short(verb): value for verb, value in publisher.items()}
        words = _words(names.get("name"))
        owner = words.zh or words.en
    cycle = _short(_text(_first(told.get("accrualPeriodicity"))))
    return _made(portal, _text(_first(told.get("identifier"))) or _text(told.get("@id")), {
        "title": _words(told.get("title")), "about": _words(told.get("description")),
        "owner": owner, "link": _link(told), "cycle": _CYCLES.get(cycle, "once"),
    })  # fmt: skip


def _link(told: dict[str, Any]) -> str:
    one = _first(told.get("distribution"))
    if isinstance(one, dict):
        inner = {_short(verb): value for verb, value in one.items()}
        link = _text(_first(inner.get("accessURL") or inner.get("downloadURL")))
        if link:
            return link
    return _text(told.get("@id"))


def _made(portal: str, key: str, said: dict[str, Any]) -> Dataset | None:
    title: Words = said["title"]
    if not title.zh and not title.en:
        return None
    digest = sha256((key or f"{title.zh}|{title.en}").encode()).hexdigest()[:16]
    link = said["link"] if said["link"].startswith(("http://", "https://", "urn:")) else ""
    return Dataset(
        name=f"{portal}_{digest}", title=title, about=said["about"], owner=said["owner"],
        department="", theme="", fields=(), grade=Grade.OPEN, cycle=said.get("cycle", "once"),
        licence=said.get("licence", ""), basis="", stored=f"{ELSEWHERE}{link}",
        origin=f"portal:{portal}",
    )  # fmt: skip


def _first(told: Any) -> Any:  # noqa: ANN401 - JSON
    return told[0] if isinstance(told, list) and told else told


def _text(told: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(told, dict):
        told = told.get("@value", told.get("@id", ""))
    return told[:MOST_WORDS] if isinstance(told, str) else ""


def _words(told: Any) -> Words:  # noqa: ANN401 - JSON
    """Return a text in both languages; one without a language goes by its signs."""
    zh, en = "", ""
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict) and "@value" not in one and "@id" not in one:
            zh, en = zh or _text(one.get("zh")), en or _text(one.get("en"))
            continue
        text = _text(one)
        lang = one.get("@language", "") if isinstance(one, dict) else ""
        if lang.startswith("zh") or (not lang and not text.isascii()):
            zh = zh or text
        else:
            en = en or text
    return Words(en, zh)


def _short(name: str) -> str:
    return name if name.startswith("@") else _TAIL.split(name)[-1]
