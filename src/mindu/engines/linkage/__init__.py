"""Linkage 归并: which records of messy lists are about the same person, firm, paper or place."""
