"""The counter: where people tell the city something, and officers act; knows case kinds, no app."""
