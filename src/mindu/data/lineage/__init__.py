"""Lineage 血缘: which field of which table each field was made from, and the same for others."""
