"""`mindu hotline serve` and its sisters: the counter of the hotline by itself."""
