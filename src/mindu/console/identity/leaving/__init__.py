"""Leaving: who signs out is signed out at the clients too."""
