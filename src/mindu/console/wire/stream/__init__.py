"""What is pushed to viewers: events as they are written, and dense points as they move."""
