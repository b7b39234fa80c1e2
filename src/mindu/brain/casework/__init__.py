"""Casework: what stands around the one transition table: calendar, clocks, rights, duty, doors."""
