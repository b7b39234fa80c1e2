"""How entities are told: changes, and what of them becomes a reading."""
