"""The flow of cases through drawings: how many stand where, and how long they stay."""
