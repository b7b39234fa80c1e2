"""The API's paper is made from its types, names every address, and is as committed."""

import json
from pathlib import Path

from drawings import NOW, office, permit
from night import Night
from visitor import Visitor

from mindu.console.contract.models.modelling import SaveDraft
from mindu.console.contract.openapi import document, written
from mindu.console.contract.table import ROOT, TABLE
from mindu.console.server import Serving

pytest_plugins = ("served",)
PAPER = Path(__file__).parents[2] / "web" / "openapi.json"


def test_the_committed_paper_is_as_the_code_is() -> None:
    told = "run `python -m mindu.console.contract web/openapi.json` and read what changed"
    assert PAPER.read_bytes() == written(), told


def test_every_reference_leads_to_a_schema() -> None:
    text = written().decode()
    known = set(document()["components"]["schemas"])
    named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= known
    assert "StreamEvent" in known


def test_every_address_is_in_the_paper_and_answers(night: Night, desk: Serving) -> None:
    night.modelling = office()
    key = night.modelling.processes.publish(permit().encode(), by="Chen", now=NOW).key
    told = SaveDraft(name="permit", kind="bpmn", text=permit())
    draft = night.modelling.drafts.save(told, by="Lin", now=NOW)
    guest = Visitor(desk).as_("operator")
    paths = json.loads(guest.get(f"{ROOT}/openapi.json").text)["paths"]
    fits = {"{id}": "J2", "{seq}": "14"}
    asked = {"series": "?about=J2&prop=level", "forecasts": "?about=J2&prop=level",
             "model": f"?key={key}", "model_watch": f"?key={key}", "draft": f"?id={draft.id}",
             "model_compare": f"?old={key}&new=draft:{draft.id}"}  # fmt: skip
    for address in TABLE:
        assert address.method.lower() in paths[ROOT + address.path]
        path = address.path
        for name, value in fits.items():
            path = path.replace(name, value)
        if address.method == "GET" and address.name not in {
            "stream",
            "points_stream",
            "job",
            "proof",
        }:
            got = guest.get(f"{ROOT}{path}{asked.get(address.name, '')}")
            assert got.status == 200, (address.name, got.text)
