"""One event under many plans: the plant in its own process, the brain outside it, side by side."""
