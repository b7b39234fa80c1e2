"""The names of SensorThings: entity sets, what each leads to, and instants as texts."""

from datetime import UTC, datetime
from typing import Any

from mindu.perceive.declare import Form

Entity = dict[str, Any]
SETS = {
    "Things": "Thing", "Locations": "Location", "Datastreams": "Datastream", "Sensors": "Sensor",
    "ObservedProperties": "ObservedProperty", "Observations": "Observation",
    "FeaturesOfInterest": "FeatureOfInterest", "HistoricalLocations": "HistoricalLocation",
}  # fmt: skip
LINKS = {
    "Things": ("Locations", "Datastreams", "HistoricalLocations"),
    "Locations": ("Things", "HistoricalLocations"), "HistoricalLocations": ("Thing", "Locations"),
    "Datastreams": ("Thing", "Sensor", "ObservedProperty", "Observations"),
    "Sensors": ("Datastreams",), "ObservedProperties": ("Datastreams",),
    "Observations": ("Datastream", "FeatureOfInterest"), "FeaturesOfInterest": ("Observations",),
}  # fmt: skip
_TYPE = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_"
TYPES = {
    Form.NUMBER: _TYPE + "Measurement", Form.COUNT: _TYPE + "CountObservation",
    Form.TRUTH: _TYPE + "TruthObservation", Form.WORDS: _TYPE + "CategoryObservation",
    Form.ANY: _TYPE + "Observation",
}  # fmt: skip
MOST = 100_000  # observations that one question may go through


def plural(name: str) -> str:
    """Return the entity set that a navigation property leads to."""
    return next((many for many, one in SETS.items() if name in {many, one}), name)


def text(ms: int) -> str:
    """Return an instant as RFC 3339."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def form_of(told: str) -> Form:
    """Return the form that an observationType stands for: numbers where it is another's own."""
    name = told.rpartition("OM_")[2]
    return next((form for form, it in TYPES.items() if it == _TYPE + name), Form.NUMBER)


def fits(form: Form, result: object) -> bool:
    """Say whether a result is what its Datastream tells."""
    if form is Form.TRUTH or isinstance(result, bool):
        return isinstance(result, bool) and form not in {Form.COUNT, Form.WORDS}
    if form is Form.WORDS:
        return isinstance(result, str) and bool(result)
    if form is Form.ANY:
        return result is not None
    whole = isinstance(result, int | float) and result == result // 1
    return whole if form is Form.COUNT else isinstance(result, int | float)


def observed(series: int, at: int, value: object, quality: int) -> Entity:
    """Return a reading as an Observation."""
    return {
        "@iot.id": f"{series + 1}-{at}", "phenomenonTime": text(at), "resultTime": None,
        "result": value, "resultQuality": quality,
    }  # fmt: skip
