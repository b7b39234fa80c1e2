"""The actions: each takes what a client asked for, and returns what CKAN would."""

from collections.abc import Callable, Mapping
from typing import Any

from mindu.base.records import Words
from mindu.data.opening.opening import Opening
from mindu.edge.portal.ckan import datastore, packages
from mindu.edge.portal.ckan.call import Call, Invalid
from mindu.edge.portal.held import Missing
from mindu.edge.portal.portal import MOST_PAGE

VERSION = "2.11"  # of the API that is spoken here
FACETS = ("organization", "groups", "tags", "res_format", "license_id")


def _status(_call: Call) -> Any:  # noqa: ANN401 - JSON, here and below
    return {"ckan_version": VERSION, "site_title": "Mindu", "site_url": _call.root,
            "locale_default": "zh_Hans_CN", "extensions": ["datastore"], "error_emails_to": None,
            "site_description": "read only"}  # fmt: skip


def _package_list(call: Call) -> Any:  # noqa: ANN401
    names = [held.dataset.name for held in call.portal.find()]
    start = call.whole("offset", 0, 10**6)
    return names[start : start + call.whole("limit", MOST_PAGE, MOST_PAGE)]


def _package_show(call: Call) -> Any:  # noqa: ANN401
    return packages.package(call.portal.opening(call.must("id", "name_or_id")), call.root)


def _with_resources(call: Call) -> Any:  # noqa: ANN401
    start = call.whole("offset", 0, 10**6)
    found = call.portal.find()[start : start + call.whole("limit", 100, MOST_PAGE)]
    return [packages.package(held, call.root) for held in found]


def _package_search(call: Call) -> Any:  # noqa: ANN401
    words = call.text("q")
    plain = "" if words in {"*:*", "*"} else words.removeprefix("title:").removeprefix("name:")
    found = [packages.package(held, call.root) for held in call.portal.find(plain.strip('"'))]
    for key, value in _filters(call.text("fq")):
        found = [one for one in found if value in _values(one, key)]
    found = _sorted(found, call.text("sort"))
    start, rows = call.whole("start", 0, 10**6), call.whole("rows", 10, MOST_PAGE)
    facets = {key: _facet(found, key) for key in _wanted(call.args.get("facet.field"))}
    return {
        "count": len(found), "results": found[start : start + rows], "sort": call.text("sort"),
        "facets": facets,
        "search_facets": {
            key: {"title": key, "items": [
                {"name": name, "display_name": name, "count": count}
                for name, count in sorted(counts.items())
            ]}
            for key, counts in facets.items()
        },
    }  # fmt: skip


def _resource_show(call: Call) -> Any:  # noqa: ANN401
    wanted = call.must("id")
    name, _, form = wanted.partition(".")
    found = packages.package(call.portal.opening(name), call.root)["resources"]
    one = next(
        (r for r in found if r["id"] == wanted or (not form and r["datastore_active"])), None
    )
    if one is None:
        raise Missing(Words(f"there is no resource {wanted[:63]}", f"没有资源 {wanted[:63]}"))
    return one


def _organizations(call: Call) -> list[dict[str, Any]]:
    found = call.portal.find()
    told = [packages.organization(held.dataset) for held in found]
    return packages.counted(told, [packages.package(h, call.root) for h in found], "owner_org")


def _groups(call: Call) -> list[dict[str, Any]]:
    found = call.portal.find()
    told = [packages.group(held.dataset.theme) for held in found if held.dataset.theme]
    return packages.counted(told, [packages.package(h, call.root) for h in found], "groups")


def _listed(every: Callable[[Call], list[dict[str, Any]]]) -> Callable[[Call], Any]:
    def listed(call: Call) -> Any:  # noqa: ANN401
        found = every(call)
        start = call.whole("offset", 0, 10**6)
        found = found[start : start + call.whole("limit", MOST_PAGE, MOST_PAGE)]
        return found if call.truth("all_fields") else [one["name"] for one in found]

    return listed


def _shown(every: Callable[[Call], list[dict[str, Any]]], key: str) -> Callable[[Call], Any]:
    def shown(call: Call) -> Any:  # noqa: ANN401
        wanted = call.must("id")
        one = next((one for one in every(call) if wanted in {one["id"], one["title"]}), None)
        if one is None:
            raise Missing(Words(f"there is no {wanted[:63]}", f"没有 {wanted[:63]}"))
        if not call.truth("include_datasets"):
            return one
        held = [packages.package(h, call.root) for h in call.portal.find()]
        return {**one, "packages": [p for p in held if one["name"] in _values(p, key)]}

    return shown


def _tag_list(call: Call) -> Any:  # noqa: ANN401
    words = sorted({word for held in call.portal.find() for word in packages.tags(held.dataset)})
    asked = call.text("query")
    found = [word for word in words if asked in word]
    return [packages.tag(word) for word in found] if call.truth("all_fields") else found


def _licences(call: Call) -> Any:  # noqa: ANN401
    found = {(p["license_id"], p["license_title"], p["license_url"]) for p in _with_resources(call)}
    return [{"id": name, "title": title, "url": url} for name, title, url in sorted(found)]


def _help(call: Call) -> Any:  # noqa: ANN401
    action = ACTIONS.get(call.must("name"))
    if action is None:
        raise Missing(Words("there is no such action", "没有该操作"))
    return f"{call.text('name')}: as CKAN {VERSION} documents it; {', '.join(ACTIONS)}"


def _filters(told: str) -> list[tuple[str, str]]:
    """Read `organization:x AND tags:"a b"`.

    Raises:
        Invalid: a filter that is not known here.
    """
    found = []
    for key, value in datastore.pairs(told):
        if key not in {*FACETS, "owner_org", "name"}:
            raise Invalid("fq", f"{key} is no filter here; use {', '.join(FACETS)}")
        found.append((key, value))
    return found


def _values(one: Mapping[str, Any], key: str) -> list[str]:
    if key in {"organization", "owner_org"}:
        return [one["owner_org"]]
    if key in {"groups", "tags"}:
        return [each["name"] for each in one[key]]
    return [r["format"] for r in one["resources"]] if key == "res_format" else [str(one.get(key))]


def _facet(found: list[dict[str, Any]], key: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in found:
        for value in set(_values(one, key)):
            counts[value] = counts.get(value, 0) + 1
    return counts


def _wanted(told: Any) -> list[str]:  # noqa: ANN401
    listed = (
        told if isinstance(told, list) else [w.strip('[]" ') for w in str(told or "").split(",")]
    )
    return [key for key in map(str, listed) if key in FACETS]


def _sorted(found: list[dict[str, Any]], told: str) -> list[dict[str, Any]]:
    name, _, way = told.split(",", maxsplit=1)[0].strip().partition(" ")
    if name not in {"name", "title", "title_string", "metadata_modified", "metadata_created"}:
        return found
    key = "title" if name == "title_string" else name
    return sorted(found, key=lambda one: str(one[key]), reverse=way.strip().lower() == "desc")


def _searched(call: Call) -> Any:  # noqa: ANN401
    return datastore.search(_asked(call), call.portal, call.user, call.root)


def _sql(call: Call) -> Any:  # noqa: ANN401
    return datastore.sql(call.must("sql"), call.portal, call.user)


def _asked(call: Call) -> datastore.Asked:
    name = call.must("resource_id", "id").partition(".")[0]
    held: Opening = call.portal.opening(name)
    try:
        return datastore.asked(held, call.args)
    except ValueError as wrong:
        raise Invalid("data", str(wrong)) from wrong


ACTIONS: dict[str, Callable[[Call], Any]] = {
    "status_show": _status, "site_read": lambda _call: True, "help_show": _help,
    "package_list": _package_list, "package_show": _package_show,
    "package_search": _package_search, "current_package_list_with_resources": _with_resources,
    "resource_show": _resource_show, "organization_list": _listed(_organizations),
    "organization_show": _shown(_organizations, "organization"), "group_list": _listed(_groups),
    "group_show": _shown(_groups, "groups"), "tag_list": _tag_list, "license_list": _licences,
    "vocabulary_list": lambda _call: [], "datastore_search": _searched,
    "datastore_search_sql": _sql,
}  # fmt: skip
