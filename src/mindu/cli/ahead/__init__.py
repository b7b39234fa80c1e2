"""Looking ahead from the desk: forks in a process of their own, and what they came to."""
