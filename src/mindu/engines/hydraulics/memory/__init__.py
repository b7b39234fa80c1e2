"""SWMM looked at in place: where its records lie in memory, and the water outside."""
