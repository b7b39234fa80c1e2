"""The names of SensorThings: entity sets, what each leads to, and instants as texts."""

from datetime import UTC, datetime
from typing import Any

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
MEASURED = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
MOST = 100_000  # observations that one question may go through


def plural(name: str) -> str:
    """Return the entity set that a navigation property leads to."""
    return next((many for many, one in SETS.items() if name in {many, one}), name)


def text(ms: int) -> str:
    """Return an instant as RFC 3339."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def observed(series: int, at: int, value: float, quality: int) -> Entity:
    """Return a reading as an Observation."""
    return {
        "@iot.id": f"{series + 1}-{at}", "phenomenonTime": text(at), "resultTime": None,
        "result": value, "resultQuality": quality,
    }  # fmt: skip
