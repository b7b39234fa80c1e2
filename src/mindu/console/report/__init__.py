"""The report of a night: one sheet of paper, its chapters and its numbers."""
