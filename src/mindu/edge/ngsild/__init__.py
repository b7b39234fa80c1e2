"""ETSI NGSI-LD 1.8 over the same store: every device is an entity, every number told a reading."""
