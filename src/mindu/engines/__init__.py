"""Engines: real solvers behind small pure doors."""
