"""The command line: the only wiring of clock, log, apps, sources, hand and engines."""
