"""The node above: what is handed over to it, and what is fetched from it."""
