"""What stands beside the readings in the same journal: commands, and what is told of things."""
