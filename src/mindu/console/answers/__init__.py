"""The answers: what each address says, worked out from a look without touching a wire."""
