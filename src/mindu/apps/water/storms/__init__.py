"""Recorded and designed storms over the city and the tide below it, each total with a source."""
