"""Syntax: from FEEL text to a tree, with names resolved against what is in scope."""
