"""DMN: models of decisions, read from untrusted XML and decided with a trace."""
