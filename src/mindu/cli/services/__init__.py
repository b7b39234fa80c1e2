"""The verbs of processes and services: check a drawing, serve the pages."""
