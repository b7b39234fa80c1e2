"""Collect 汇聚: rows of others become our tables or are set aside with a reason; all count."""
