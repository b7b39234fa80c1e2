"""The phrases: every sentence of the pages in both languages, one room for each part."""
