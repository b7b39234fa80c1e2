"""A slot: a place where a faster way of doing the same thing is put, once it is there."""

from typing import Generic, TypeVar

F = TypeVar("F")


class Slot(Generic[F]):
    """Empty until something is put in; whoever finds it empty goes the ordinary way."""

    def __init__(self) -> None:
        """Start empty."""
        self.held: F | None = None
