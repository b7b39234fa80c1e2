"""Proof (存证): notes over the log's head, kept apart from it, and how anybody checks them."""
