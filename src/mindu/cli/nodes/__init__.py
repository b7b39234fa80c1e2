"""Edge nodes on the page of a city that runs."""
