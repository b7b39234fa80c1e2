"""One file per loop: what is judged, what is done about it, what is learned."""
