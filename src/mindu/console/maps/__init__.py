"""Base maps that people bring in by page: read strictly, brought to WGS-84, kept, and undone."""
