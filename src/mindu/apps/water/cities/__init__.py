"""Tidal cities made by rule: rivers, lakes, sluices and pumps that no real city owns."""
