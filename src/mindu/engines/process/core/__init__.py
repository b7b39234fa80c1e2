"""The pure core: how tokens move."""
