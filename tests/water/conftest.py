"""Lets these tests use the pond of the control room's tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "water_control"))
