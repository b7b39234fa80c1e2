"""Grants (授权): who may use which data for which purpose, on what basis, and the proof of it."""
