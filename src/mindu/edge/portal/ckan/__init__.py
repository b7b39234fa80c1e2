"""CKAN (the API of many open portals), spoken for reading."""
