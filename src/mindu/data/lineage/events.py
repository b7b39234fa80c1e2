"""OpenLineage: each pull and each derivation as a run event that other tools take in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from mindu.data.catalog.dataset import Dataset
from mindu.data.lineage.trace import Derived, Edge

PRODUCER = "urn:mindu:lineage"
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = "https://openlineage.io/spec/facets"
Event = dict[str, Any]


def of_pull(dataset: Dataset, number: int, ended: int, place: str, *, space: str) -> Event:
    """Return the event of a pull that ended (epoch ms); `place` names the source, no secret."""
    run = f"{space}/{dataset.name}/{number}"
    source = {"namespace": space, "name": place}
    return _event(
        run, f"pull.{dataset.name}", ended, [source], [_output(dataset, (), space)], space
    )


def of_derived(
    told: Derived, dataset: Dataset, tables: Mapping[str, Dataset], at: int, *, space: str
) -> Event:
    """Return the event of a derived table, with where each of its fields comes from."""
    names = sorted({edge.of_table for edge in told.edges})
    inputs = [_dataset(tables[name], space) for name in names if name in tables]
    run = f"{space}/{told.name}/{sha256(told.sql.encode()).hexdigest()}/{at}"
    output = _output(dataset, told.edges, space)
    made = _event(run, f"derive.{told.name}", at, inputs, [output], space)
    made["job"]["facets"] = {"sql": _facet("1-0-1/SQLJobFacet", query=told.sql)}
    return made


def _event(
    run: str, job: str, at: int, inputs: list[Event], outputs: list[Event], space: str
) -> Event:
    digest = sha256(run.encode()).hexdigest()
    cut = (digest[:8], digest[8:12], f"4{digest[13:16]}", f"8{digest[17:20]}", digest[20:32])
    when = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    return {
        "eventType": "COMPLETE", "eventTime": when, "producer": PRODUCER, "schemaURL": SPEC,
        "run": {"runId": "-".join(cut)}, "job": {"namespace": space, "name": job},
        "inputs": inputs, "outputs": outputs,
    }  # fmt: skip


def _dataset(told: Dataset, space: str) -> Event:
    fields = [{"name": f.name, "type": f.type, "description": f.meaning.zh} for f in told.fields]
    schema = _facet("1-1-1/SchemaDatasetFacet", fields=fields)
    return {"namespace": space, "name": told.name, "facets": {"schema": schema}}


def _output(told: Dataset, edges: Sequence[Edge], space: str) -> Event:
    found = _dataset(told, space)
    fields: dict[str, Event] = {}
    rows = [
        {"namespace": space, "name": edge.of_table, "field": edge.of_field,
         "transformations": [{"type": "INDIRECT", "subtype": "FILTER"}]}
        for edge in edges if edge.how == "used"
    ]  # fmt: skip
    for edge in (edge for edge in edges if edge.how != "used"):
        kind = "IDENTITY" if edge.how == "same" else "TRANSFORMATION"
        one = {"namespace": space, "name": edge.of_table, "field": edge.of_field,
               "transformations": [{"type": "DIRECT", "subtype": kind}]}  # fmt: skip
        fields.setdefault(edge.field, {"inputFields": []})["inputFields"].append(one)
    if fields or rows:
        facet = _facet("1-2-0/ColumnLineageDatasetFacet", fields=fields, dataset=rows)
        found["facets"]["columnLineage"] = facet
    return found


def _facet(name: str, **told: object) -> Event:
    return {"_producer": PRODUCER, "_schemaURL": f"{_FACETS}/{name}.json", **told}
