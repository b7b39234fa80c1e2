"""The agents' desk: calls taken by keyboard, cases moved by those who may, boards to the case."""
