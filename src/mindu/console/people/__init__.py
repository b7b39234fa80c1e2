"""The people: who has an account, how they prove it, and what they may do; the log knows names."""
