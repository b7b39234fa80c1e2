"""A Fuzhou-like tidal river city, schematic 示意: every figure sourced or marked as assumed."""
