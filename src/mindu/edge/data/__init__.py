"""The doors of governed data: SQL, tables, files and a subject's own view, over HTTP."""
