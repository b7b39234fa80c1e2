"""Observations as data arrays: one for each Datastream, its rows without their names."""

from collections.abc import Sequence

from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.names import Entity

FORMAT = "dataArray"
_COMPONENTS = ("id", "phenomenonTime", "resultTime", "result", "resultQuality")


def arrays(shown: Sequence[Entity], select: Sequence[str], base: str) -> list[Entity]:
    """Return observations by Datastream, in the order in which they are first met."""
    chosen = [it for it in _COMPONENTS if it == "id" or not select or it in select]
    rows: dict[str, list[list[object]]] = {}
    for it in shown:
        row = [it["@iot.id"] if name == "id" else it.get(name) for name in chosen]
        rows.setdefault(str(it["@iot.id"]).partition("-")[0], []).append(row)
    return [
        {"Datastream@iot.navigationLink": f"{base}/Datastreams({stream})", "components": chosen,
         "dataArray@iot.count": len(many), "dataArray": many}
        for stream, many in rows.items()
    ]  # fmt: skip


def formatted(told: str, link: str) -> bool:
    """Say whether a set is asked for as data arrays.

    Raises:
        Unfit: another format is asked for, or of what is no Observation.
    """
    if told and (told != FORMAT or link != "Observations"):
        raise Unfit(400, f"$resultFormat={told}: Observations are told as {FORMAT} or as they are")
    return bool(told)
