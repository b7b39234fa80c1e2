"""Library: the built-in functions of FEEL, each with its declared parameters."""
