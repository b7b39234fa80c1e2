"""Packages: an open table as CKAN tells of it, with its organization, group, tags and resources."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from mindu.brain.opening.openings import holder
from mindu.data.catalog.dataset import Dataset, Type
from mindu.data.gateway.forms import FORMS, forms_of
from mindu.data.opening.opening import Opening

Told = dict[str, Any]
_SLUG = re.compile(r"[a-z0-9_-]{2,100}")
_TYPES: Mapping[Type, str] = {
    "text": "text", "whole": "int8", "number": "float8", "truth": "bool", "day": "date",
    "moment": "timestamp", "place": "text",
}  # fmt: skip
_LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}  # fmt: skip


def package(held: Opening, root: str) -> Told:
    """Return a table as a package; `root` is where the portal stands."""
    of = held.dataset
    resources = [resource(held, form, root) for form in forms_of([f.name for f in of.fields])]
    title, url = _LICENCES.get(of.licence, (of.licence, ""))
    return {
        "id": of.name, "name": of.name, "title": of.title.zh or of.title.en,
        "title_translated": {"zh": of.title.zh, "en": of.title.en},
        "notes": of.about.zh or of.about.en or of.title.zh, "url": f"{root}/d/{of.name}",
        "type": "dataset", "state": "active", "private": False, "isopen": True,
        "author": of.owner, "maintainer": of.department, "version": str(held.seq),
        "license_id": of.licence, "license_title": title, "license_url": url,
        "metadata_created": _iso(held.at), "metadata_modified": _iso(held.at),
        "owner_org": slug(holder(of), "o"), "organization": organization(of),
        "groups": [group(of.theme)] if of.theme else [], "tags": [tag(word) for word in tags(of)],
        "num_resources": len(resources), "num_tags": len(tags(of)), "resources": resources,
        "extras": [{"key": key, "value": value} for key, value in _extras(held).items()],
        "relationships_as_subject": [], "relationships_as_object": [],
    }  # fmt: skip


def resource(held: Opening, form: str, root: str) -> Told:
    """Return one form of a table as a resource."""
    of = held.dataset
    return {
        "id": f"{of.name}.{form}", "package_id": of.name, "name": f"{of.title.zh} ({form})",
        "format": "GeoJSON" if form == "geojson" else form.capitalize() if form == "parquet"
        else form.upper(),
        "mimetype": FORMS[form][0].split(";")[0], "url": f"{root}/d/{of.name}.{form}",
        "url_type": "datastore" if form == "csv" else None, "datastore_active": form == "csv",
        "created": _iso(held.at), "last_modified": _iso(held.at), "state": "active",
        "description": "", "hash": "", "size": None, "position": list(FORMS).index(form),
        "resource_type": None,
    }  # fmt: skip


def organization(of: Dataset) -> Told:
    """Return whose table it is."""
    code = holder(of)
    return {
        "id": slug(code, "o"), "name": slug(code, "o"), "title": of.owner or code,
        "description": "",
        "type": "organization", "is_organization": True, "state": "active", "image_url": "",
        "approval_status": "approved",
    }  # fmt: skip


def group(theme: str) -> Told:
    """Return a theme as a group."""
    name = slug(theme, "g")
    return {
        "id": name, "name": name, "title": theme, "display_name": theme, "description": "",
        "type": "group", "is_organization": False, "state": "active", "image_display_url": "",
    }  # fmt: skip


def tags(of: Dataset) -> list[str]:
    """Return the words that a table is found by: its theme, and what its fields mean."""
    words = [of.theme, *(field.meaning.zh or field.meaning.en for field in of.fields)]
    return list(dict.fromkeys(word for word in words if word))


def tag(word: str) -> Told:
    """Return a word as a tag."""
    return {
        "id": word,
        "name": word,
        "display_name": word,
        "state": "active",
        "vocabulary_id": None,
    }


def counted(told: Iterable[Told], packages: Iterable[Told], key: str) -> list[Told]:
    """Return each of some groups or organizations once, with how many packages it has."""
    counts: dict[str, int] = {}
    for one in packages:
        names = [one["owner_org"]] if key == "owner_org" else [g["name"] for g in one[key]]
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    once = {one["name"]: one for one in told}
    return [{**once[name], "package_count": counts.get(name, 0)} for name in sorted(once)]


def columns(of: Dataset, names: Iterable[str]) -> list[Told]:
    """Return fields as the datastore tells of them."""
    found = [field for name in names if (field := of.field(name)) is not None]
    return [
        {"id": f.name, "type": _TYPES[f.type],
         "info": {"label": f.meaning.zh or f.name, "notes": f.meaning.en, "unit": f.unit}}
        for f in found
    ]  # fmt: skip


def slug(told: str, kind: str) -> str:
    """Return a name that an address takes: itself, or a digest of it."""
    if _SLUG.fullmatch(told):
        return told
    return f"{kind}-{sha256(told.encode()).hexdigest()[:12]}"


def _extras(held: Opening) -> dict[str, str]:
    of = held.dataset
    told = {"cycle": of.cycle, "basis": of.basis, "rows": str(held.rows)}
    if of.quasi:
        told |= {"k_anonymity": str(held.people), "quasi_identifiers": ",".join(of.quasi)}
    return told


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
