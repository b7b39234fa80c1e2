"""Detect: which personal and company data a text or a column of a table holds."""

from mindu.engines.text.detect.column import Found, column
from mindu.engines.text.detect.spans import KINDS, spans

__all__ = ["KINDS", "Found", "column", "spans"]
