"""Machine: from a tree to closures that are built once and run often."""
