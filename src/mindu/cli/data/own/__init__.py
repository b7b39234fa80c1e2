"""Our own tables under the same audit as collected ones: those of apps, and those of the lake."""
