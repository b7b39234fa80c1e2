"""Opening (开放): a table is checked, opened, closed again; people ask for data and vote."""
