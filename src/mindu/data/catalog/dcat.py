"""The catalogue as DCAT-AP 3: what other portals harvest."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from mindu.base.records import Words
from mindu.data.catalog.dataset import ELSEWHERE, Cycle, Dataset, Grade
from mindu.data.catalog.graph import Iri, Node, Text, Value, named

_EU = "http://publications.europa.eu/resource/authority"
_CYCLES: dict[Cycle, str] = {
    "live": "UPDATE_CONT", "hourly": "HOURLY", "daily": "DAILY", "weekly": "WEEKLY",
    "monthly": "MONTHLY", "quarterly": "QUARTERLY", "yearly": "ANNUAL", "once": "NEVER",
}  # fmt: skip
_ACCESS = {
    Grade.OPEN: "PUBLIC", Grade.INTERNAL: "RESTRICTED", Grade.SENSITIVE: "NON_PUBLIC",
    Grade.SECRET: "NON_PUBLIC",
}  # fmt: skip
_KINDS = {"csv": "text/csv", "json": "application/json", "geojson": "application/geo+json",
          "parquet": "application/vnd.apache.parquet"}  # fmt: skip
_FILES = frozenset({"csv", "json", "geojson"})  # that the Union's list of file types knows
Said = list[tuple[str, Value]]
Links = Callable[[Dataset], Mapping[str, str]]


def nowhere(_told: Dataset) -> Mapping[str, str]:
    """Say of no form where it can be downloaded."""
    return {}


def described(
    told: Iterable[Dataset], *, base: str, title: Words, publisher: str, now: int,
    links: Links = nowhere,
) -> list[Node]:  # fmt: skip
    """Return the catalogue as a graph; `base` begins every name of ours, `now` is epoch ms.

    `links` says in which forms a dataset is downloaded, and where: csv, json, geojson, parquet.
    """
    datasets = list(told)
    said: Said = [*_both("dct:title", title), *_both("dct:description", title)]
    said.append(("dct:publisher", _agent(base, publisher)))
    said.append(("dct:modified", _instant(now)))
    said += [("dct:language", Iri(f"{_EU}/language/{code}")) for code in ("ZHO", "ENG")]
    said += [("dcat:dataset", Iri(_iri(base, "dataset", one.name))) for one in datasets]
    themes = sorted({one.theme for one in datasets if one.theme})
    scheme = Node(_iri(base, "themes", ""), "skos:ConceptScheme", tuple(_both("dct:title", title)))
    said += [("dcat:themeTaxonomy", scheme)] if themes else []
    nodes = [
        Node(base, "dcat:Catalog", tuple(said)),
        *(_dataset(one, base, links(one)) for one in datasets),
    ]
    return list(named(nodes))


def _dataset(told: Dataset, base: str, links: Mapping[str, str]) -> Node:
    about = told.about if told.about.zh or told.about.en else told.title
    said: Said = [*_both("dct:title", told.title), *_both("dct:description", about)]
    said.append(("dct:identifier", Text(told.name)))
    said.append(("dct:publisher", _agent(base, told.owner or told.department or "?")))
    said.append(("dcat:contactPoint", Node("", "vcard:Organization", (
        ("vcard:fn", Text(told.owner or told.department or "?")),
        ("vcard:hasUID", Text(told.department or "?")),
    ))))  # fmt: skip
    said.append(("dct:accrualPeriodicity", Iri(f"{_EU}/frequency/{_CYCLES[told.cycle]}")))
    said.append(("dct:accessRights", Iri(f"{_EU}/access-right/{_ACCESS[told.grade]}")))
    if told.theme:
        said.append(("dcat:theme", Node(_iri(base, "theme", told.theme), "skos:Concept", (
            ("skos:prefLabel", Text(told.theme, "zh")),
            ("skos:inScheme", Iri(_iri(base, "themes", ""))),
        ))))  # fmt: skip
    if told.basis:
        said.append(("dct:provenance", Node("", "dct:ProvenanceStatement", (
            ("rdfs:label", Text(told.basis, "zh")),
        ))))  # fmt: skip
    words = {w for f in told.fields for w in (f.meaning.zh, f.meaning.en) if w}
    said += [("dcat:keyword", Text(word, _lang(word))) for word in sorted(words)]
    said += [("dcat:distribution", _file(told, base, *one)) for one in links.items()]
    said += [] if links else [("dcat:distribution", _distribution(told, base))]
    return Node(_iri(base, "dataset", told.name), "dcat:Dataset", tuple(said))


def _distribution(told: Dataset, base: str) -> Node:
    here = _iri(base, "dataset", told.name)
    there = told.stored.removeprefix(ELSEWHERE) if told.stored.startswith(ELSEWHERE) else here
    said: Said = [("dcat:accessURL", Iri(there)), *_both("dct:title", told.title)]
    return Node(f"{here}/table", "dcat:Distribution", (*said, *_licence(told, base)))


def _file(told: Dataset, base: str, form: str, url: str) -> Node:
    said: Said = [("dcat:accessURL", Iri(url)), ("dcat:downloadURL", Iri(url))]
    said.append(("dct:title", Text(f"{told.title.en or told.title.zh} ({form})")))
    kind = f"https://www.iana.org/assignments/media-types/{_KINDS[form]}"
    said.append(("dcat:mediaType", Iri(kind)))
    if form in _FILES:
        said.append(("dct:format", Iri(f"{_EU}/file-type/{form.upper()}")))
    here = _iri(base, "dataset", told.name)
    return Node(f"{here}/{form}", "dcat:Distribution", (*said, *_licence(told, base)))


def _licence(told: Dataset, base: str) -> Said:
    if not told.licence:
        return []
    name = Text(told.licence)
    document = Node(_iri(base, "licence", told.licence), "dct:LicenseDocument", (
        ("dct:title", name),
    ))  # fmt: skip
    return [("dct:license", document)]


def _agent(base: str, name: str) -> Node:
    return Node(_iri(base, "agent", name), "foaf:Agent", (("foaf:name", Text(name)),))


def _iri(base: str, kind: str, name: str) -> str:
    mid = "" if base.endswith(("/", ":", "#")) else "/"
    return f"{base}{mid}{kind}/{quote(name, safe='')}".rstrip("/")


def _both(verb: str, told: Words) -> Said:
    pairs = [("zh", told.zh), ("en", told.en)]
    return [(verb, Text(text, lang)) for lang, text in pairs if text] or [(verb, Text("?"))]


def _lang(word: str) -> str:
    return "en" if word.isascii() else "zh"


def _instant(now: int) -> Text:
    at = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="seconds")
    return Text(at, type="xsd:dateTime")
