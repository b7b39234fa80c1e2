"""The pages of one-stop services: a form a page at a time, progress, ratings."""
