"""What may be asked of entities: queries, places, scopes, times."""
