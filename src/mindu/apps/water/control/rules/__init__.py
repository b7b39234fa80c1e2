"""Rules that set machines from what is read: their kinds, those of a person, those of a file."""
