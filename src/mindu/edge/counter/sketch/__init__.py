"""Sketch: what the pages are made of beside words, and the city as callers point at it."""
