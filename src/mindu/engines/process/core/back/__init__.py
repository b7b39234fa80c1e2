"""Back: how a case goes back, and what then holds no more."""
