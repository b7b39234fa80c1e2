"""The loops of the hotline: roads under water, bursts of a concern, and the line itself."""
