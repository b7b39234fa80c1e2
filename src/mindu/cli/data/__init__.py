"""`mindu data`: what the city holds, where it came from, how good it is, and who may use it."""
