"""Stewards: the pages on which staff open, close, plan and answer."""
