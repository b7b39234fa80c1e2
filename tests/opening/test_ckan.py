"""The real client of CKAN reads the portal as it would any other, over a real line."""

from collections.abc import Iterator

import pytest
from ckanapi import CKANAPIError, NotAuthorized, NotFound, RemoteCKAN, ValidationError
from opening_house import LIN, NOON, WATER
from portal_house import Desk, served

from mindu.brain.opening.check import Proposal
from mindu.data.catalog.harvest import harvested
from mindu.edge.portal import keys

Line = tuple[Desk, str]


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    desk = Desk()
    desk.openings.open("benches", Proposal(facilities=("where", "call")), LIN, now=NOON)
    with served(desk) as root:
        yield desk, root


@pytest.fixture(params=["post", "get"])
def ckan(line: Line, request: pytest.FixtureRequest) -> Iterator[RemoteCKAN]:
    with RemoteCKAN(line[1], get_only=request.param == "get") as client:
        yield client


def test_the_client_lists_searches_and_shows_packages(ckan: RemoteCKAN) -> None:
    assert ckan.action.status_show()["ckan_version"] == "2.11"
    assert ckan.action.package_list() == ["benches", "pumps"]
    found = ckan.action.package_search(q="泵站", rows=5)
    assert (found["count"], found["results"][0]["name"]) == (1, "pumps")
    told = ckan.action.package_show(id="pumps")
    assert told["title"] == "泵站"
    assert told["license_title"] == "Creative Commons Attribution 4.0"
    assert [r["format"] for r in told["resources"]] == ["CSV", "JSON", "Parquet", "GeoJSON"]
    assert ckan.action.resource_show(id="pumps.csv")["datastore_active"] is True
    assert ckan.action.package_search(q="*:*", fq="tags:公园座椅")["count"] == 0
    assert ckan.action.package_search(fq='res_format:GeoJSON organization:"350100-slj"')[
        "count"
    ] == 1  # fmt: skip


def test_the_client_lists_organizations_groups_tags_and_licences(ckan: RemoteCKAN) -> None:
    assert ckan.action.organization_list() == [WATER]
    (one,) = ckan.action.organization_list(all_fields=True)
    assert (one["title"], one["package_count"]) == ("Office", 2)
    assert ckan.action.group_list() == ["water"]
    assert "水位" in ckan.action.tag_list()
    assert [one["id"] for one in ckan.action.license_list()] == ["CC-BY-4.0"]
    assert len(ckan.action.organization_show(id=WATER, include_datasets=True)["packages"]) == 2


def test_the_client_reads_rows_by_filter_word_order_and_page(ckan: RemoteCKAN) -> None:
    found = ckan.action.datastore_search(resource_id="pumps", limit=2, sort="level desc")
    assert [row["id"] for row in found["records"]] == ["p39", "p38"]
    assert found["total"] == 40
    assert {f["id"]: f["type"] for f in found["fields"]}["at"] == "timestamp"
    found = ckan.action.datastore_search(resource_id="pumps.csv", q="泵站 3", fields="id", offset=1)
    assert (found["total"], found["records"][0]) == (11, {"id": "p30"})


def test_the_client_filters_by_value(line: Line) -> None:
    with RemoteCKAN(line[1]) as ckan:
        found = ckan.action.datastore_search(
            resource_id="pumps", filters={"id": ["p1", "p2"]}, records_format="lists"
        )
        assert [row[0] for row in found["records"]] == ["p1", "p2"]
        found = ckan.action.datastore_search_sql(sql='SELECT max(level) AS top FROM "pumps"')
        assert found["records"] == [{"top": 3.9}]


def test_the_client_is_told_what_is_wrong_in_its_own_words(ckan: RemoteCKAN) -> None:
    with pytest.raises(NotFound):
        ckan.action.package_show(id="patients")
    with pytest.raises(NotFound):
        ckan.action.resource_show(id="pumps.xlsx")
    with pytest.raises(NotFound, match="read only"):
        ckan.action.package_create(name="mine")
    with pytest.raises(ValidationError, match="Missing value"):
        ckan.action.package_show()
    with pytest.raises(ValidationError, match="no field 'ghost'"):
        ckan.action.datastore_search(resource_id="pumps", fields="ghost")
    with pytest.raises(ValidationError, match="is no filter here"):
        ckan.action.package_search(fq="password:x")


def test_a_key_of_the_client_is_taken_and_a_wrong_one_refused(line: Line) -> None:
    desk, root = line
    secret = keys.give(desk.memory, "client", "me", now=NOON)
    with RemoteCKAN(root, apikey=secret) as ckan:
        assert ckan.action.datastore_search(resource_id="pumps", limit=1)["total"] == 40
    assert any(str(getattr(e.record, "who", "")).startswith("key-") for e in desk.memory.log)
    with RemoteCKAN(root, apikey="mdo_wrong") as ckan, pytest.raises(NotAuthorized):
        ckan.action.package_list()


def test_too_much_is_429_with_retry_after(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mindu.edge.portal.quota.DAY_KEYLESS", 0)
    with RemoteCKAN(line[1]) as ckan, pytest.raises(CKANAPIError, match="429"):
        ckan.action.package_list()


def test_what_the_portal_tells_is_harvested_by_another_brain(line: Line) -> None:
    with RemoteCKAN(line[1]) as ckan:
        told = {"success": True, "result": ckan.action.package_search(q="*:*")}
    found = {one.title.zh for one in harvested(told, "fuzhou")}
    assert found == {"泵站", "公园座椅"}
