"""Quick: what takes longest of reading a message as machine code, where numba is installed."""
