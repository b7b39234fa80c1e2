"""Registers 基础库: one true record of each person, firm, paper and place, and where it is from."""
