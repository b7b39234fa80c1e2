"""The addresses of NGSI-LD under `/ngsi-ld/v1`."""
