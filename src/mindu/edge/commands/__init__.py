"""Commands down to devices: given by those who may, handed over by poll or MQTT, each step kept."""
