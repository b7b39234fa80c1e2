"""The forms in which readings come: each turned once into the same columns."""
