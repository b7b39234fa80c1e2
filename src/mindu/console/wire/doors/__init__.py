"""Doors for files that people bring."""
