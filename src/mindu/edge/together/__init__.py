"""What many cases say together: bursts, issues that never end, and cases that may be the same."""
