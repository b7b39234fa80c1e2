"""OGC SensorThings 1.1 over the same store: every device is a Thing, every series a Datastream."""
