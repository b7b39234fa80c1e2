"""Modelling: where staff draw processes and decisions, try, publish, compare and watch them."""
