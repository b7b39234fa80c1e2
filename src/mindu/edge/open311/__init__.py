"""Open311 GeoReport v2: the world's door to the cases of a city, in XML and JSON."""
