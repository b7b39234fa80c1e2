"""A city that is kept safe: copies of it, checked, and the way back."""
