"""Spots: the places of the gazetteer, on which callers point out where something is."""

from mindu.city import Spot


def spots() -> tuple[Spot, ...]:
    """Return what a sketch of the city shows; a name that lies as far off as a town is no spot."""
    from mindu.engines.text.places.gazetteer import shipped  # noqa: PLC0415 - loads when asked for

    return tuple(
        Spot(name=e.name, kind=e.kind, lat=e.lat, lon=e.lon, lat2=e.lat2, lon2=e.lon2)
        for e in shipped()
    )
