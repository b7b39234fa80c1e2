"""A city that runs or rests behind the command line: its wiring, its diary, its house, its store."""
