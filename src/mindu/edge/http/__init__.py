"""The HTTP door: readings in, and every moment back."""
