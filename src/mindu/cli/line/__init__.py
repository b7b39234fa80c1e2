"""The 12345 line of a pretend night: who calls, who answers, and what the morning says of it."""
