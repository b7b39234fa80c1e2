"""What other portals get from us and tell us: DCAT-AP in two writings, CKAN, and what is none."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from listing import dataset
from pyshacl import validate
from rdflib import Graph
from rdflib.compare import isomorphic

from mindu.base.records import Words
from mindu.data.catalog.dataset import Grade
from mindu.data.catalog.dcat import described
from mindu.data.catalog.graph import Node, jsonld, turtle
from mindu.data.catalog.harvest import harvested
from mindu.data.catalog.written import rdfxml
from mindu.edge.collect.portals import fetched, read

SHAPES = Path(__file__).parent / "shapes.ttl"
NOW = 1_780_000_000_000
TITLE = Words("City data", "城市数据目录")


def graph() -> list[Node]:
    told = [
        dataset(), dataset("open", '引号" 与\n换行 \\ 反斜杠', grade=Grade.OPEN, theme=""),
        dataset("bare", about=Words("", ""), licence="", basis="", owner="", department=""),
        dataset("there", stored="elsewhere:https://example.org/a b<c>", fields=()),
    ]  # fmt: skip
    return described(told, base="urn:mindu:", title=TITLE, publisher="市大数据局", now=NOW)


def test_the_export_breaks_no_rule_of_dcat_ap() -> None:
    data = Graph().parse(data=turtle(graph()), format="turtle")
    shapes = Graph().parse(SHAPES, format="turtle")
    good, _, told = validate(data, shacl_graph=shapes, ont_graph=shapes, advanced=False)
    assert good, told


def test_the_rules_do_find_what_is_wrong() -> None:
    body = turtle(graph()).replace("foaf:name", "foaf:nick").replace("dcat:accessURL", "dcat:none")
    data = Graph().parse(data=body, format="turtle")
    shapes = Graph().parse(SHAPES, format="turtle")
    good, _, told = validate(data, shacl_graph=shapes, ont_graph=shapes, advanced=False)
    assert not good
    assert "foaf:name" in told
    assert "accessURL" in told


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
def test_both_writings_say_the_same() -> None:
    nodes = graph()
    one = Graph().parse(data=turtle(nodes), format="turtle")
    other = Graph().parse(data=jsonld(nodes), format="json-ld")
    assert isomorphic(one, other)
    assert len(one) > 80


def test_our_own_export_is_harvested_back() -> None:
    found = harvested(json.loads(jsonld(graph())), "city")
    assert {one.title for one in found} >= {dataset().title}
    pumps = next(one for one in found if one.title == dataset().title)
    assert (pumps.cycle, pumps.owner, pumps.origin) == ("monthly", dataset().owner, "portal:city")
    assert pumps.stored == "elsewhere:urn:mindu:dataset/pumps"


CKAN = {"success": True, "result": {"count": 2, "results": [
    {"id": "1", "name": "air", "title": "空气质量", "notes": "日均值", "license_id": "cc-by",
     "organization": {"title": "生态环境局"}, "resources": [{"url": "https://a.example/1.csv"}]},
    {"id": "2", "name": "untitled"},
]}}  # fmt: skip


def test_an_answer_of_ckan_is_harvested() -> None:
    (one,) = harvested(CKAN, "province")
    assert (one.title.zh, one.owner, one.licence) == ("空气质量", "生态环境局", "cc-by")
    assert one.stored == "elsewhere:https://a.example/1.csv"


FOREIGN = {"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@graph": [{
    "@type": ["http://www.w3.org/ns/dcat#Dataset"], "@id": "https://x.example/d/1",
    "http://purl.org/dc/terms/title": [{"@value": "Bridges", "@language": "en"},
                                       {"@value": "桥梁", "@language": "zh-CN"}],
    "http://purl.org/dc/terms/publisher": {"http://xmlns.com/foaf/0.1/name": "Works"},
    "http://www.w3.org/ns/dcat#distribution": [{"dcat:accessURL": {"@id": "javascript:alert(1)"}}],
}]}  # fmt: skip


def test_a_foreign_dcat_is_harvested_and_its_links_are_not_trusted() -> None:
    (one,) = harvested(FOREIGN, "x")
    assert (one.title, one.owner, one.stored) == (Words("Bridges", "桥梁"), "Works", "elsewhere:")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("write", [lambda nodes: turtle(nodes).encode(), rdfxml])
def test_turtle_and_rdf_xml_of_others_are_harvested(
    write: Callable[[list[Node]], bytes],
) -> None:
    found = harvested(read(write(graph()), "a file"), "city")
    pumps = next(one for one in found if one.title == dataset().title)
    assert len(found) == 4
    assert (pumps.cycle, pumps.owner, pumps.about) == (
        "monthly", dataset().owner, dataset().about,
    )  # fmt: skip
    assert pumps.stored == "elsewhere:urn:mindu:dataset/pumps"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "defines entities"),
        (b"<?xml version='1.0'?><rdf:RDF>", "no RDF/XML"),
        (b"this is no catalogue .", "neither Turtle nor RDF/XML"),
        (b"{broken", "is no JSON"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_in_words(body: bytes, says: str) -> None:
    with pytest.raises((ValueError, OSError), match=says):
        read(body, "a file")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
def test_an_export_with_files_breaks_no_rule_either() -> None:
    links = {"csv": "https://c.example/d/pumps.csv", "parquet": "https://c.example/d/p.parquet"}
    nodes = described(
        [dataset()], base="https://c.example", title=TITLE, publisher="市大数据局", now=NOW,
        links=lambda _told: links,
    )  # fmt: skip
    shapes = Graph().parse(SHAPES, format="turtle")
    data = Graph().parse(data=rdfxml(nodes), format="xml")
    good, _, told = validate(data, shacl_graph=shapes, ont_graph=shapes, advanced=False)
    assert good, told
    assert "https://c.example/d/pumps.csv" in turtle(nodes)


def portal(count: int, most: int, lost: int = 0) -> Callable[[str], bytes]:
    """Return a portal of CKAN that gives at most so many datasets a page, and loses the last."""

    def get(url: str) -> bytes:
        query = dict(parse_qsl(urlsplit(url).query))
        start = int(query.get("start", 0))
        end = min(start + min(int(query.get("rows", 10)), most), count - lost)
        results = [{"id": f"d{i}", "title": f"数据 {i}"} for i in range(start, end)]
        return json.dumps(
            {"success": True, "result": {"count": count, "results": results}}
        ).encode()

    return get


def test_every_page_of_a_portal_is_read() -> None:
    url = "https://p.example/api/3/action/package_search?q=x&rows=10"
    found = harvested(fetched(url, portal(250, 100)), "province")
    assert len({one.name for one in found}) == 250


def test_a_portal_that_ends_before_all_is_told_is_not_taken_for_whole() -> None:
    url = "https://p.example/api/3/action/package_search"
    with pytest.raises(ValueError, match="tells of 250 datasets and gave 240"):
        fetched(url, portal(250, 100, lost=10))


@pytest.mark.parametrize("told", [None, [], {}, {"success": True, "result": []}, "x", 7])
def test_what_is_no_catalogue_is_refused_in_words(told: object) -> None:
    with pytest.raises(ValueError, match="tells of no dataset"):
        harvested(told, "x")
