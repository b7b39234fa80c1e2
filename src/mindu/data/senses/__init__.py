"""Senses: every reading a million devices send, counted, kept, and found again."""
