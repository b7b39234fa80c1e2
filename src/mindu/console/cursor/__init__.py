"""The cursor: what was known at a moment of the past, and what is foretold of one ahead."""
