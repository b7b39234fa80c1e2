"""Processes: instances under way, as folds of the log, and the one place where they are moved."""
