"""The same tables asked by many processes or machines at once."""
