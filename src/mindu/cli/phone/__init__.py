"""The telephone line of a demo city, open to whoever is at the machine."""
