"""Hydraulics: drainage and river networks, stepped, branched and run ahead."""
