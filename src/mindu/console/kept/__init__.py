"""What the board keeps of the log: readings as columns, trails by key, and the way back in time."""
