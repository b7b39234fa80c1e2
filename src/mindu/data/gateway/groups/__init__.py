"""Groups: a table that a policy gives in groups alone is its groups, edition by edition."""
