"""BPMN 2.0 XML: reading, checking and writing."""
