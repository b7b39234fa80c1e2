"""Benchmarks: what the house can do, measured against a named peer or limit."""
