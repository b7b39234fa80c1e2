"""Local loops of an edge node: by its own readings, with the actions they are trusted with."""
