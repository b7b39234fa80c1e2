"""Values: what FEEL speaks of, how it is compared, added and typed, and what a run may spend."""
