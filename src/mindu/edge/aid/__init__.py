"""Aid: what helps whoever answers a case, all of it from the case, closed cases and laid tables."""
