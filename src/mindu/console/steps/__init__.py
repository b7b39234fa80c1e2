"""The steps that wait for staff: list, claim, decide, and every recorded move, on plain pages."""
