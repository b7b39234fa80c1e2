"""A city that runs or rests: its wiring, its diary, its house and its store."""
