"""Doors to the field: folders, streams, Modbus and OPC UA."""
