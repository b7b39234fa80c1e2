"""The MQTT door: through any broker, or by a small listener of our own."""
