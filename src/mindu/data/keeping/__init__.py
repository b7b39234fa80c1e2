"""Where the state of a folder is kept, and how it moves."""
