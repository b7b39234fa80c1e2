"""What an entity is here: terms, shapes, forms, and the town that it is read from."""
