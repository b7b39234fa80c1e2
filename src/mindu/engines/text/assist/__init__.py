"""Assist: what was answered before, templates filled from the case, and a check of the reply."""

from mindu.engines.text.assist.fill import TemplateError, fill, holes
from mindu.engines.text.assist.find import Found, Shelf, finely
from mindu.engines.text.assist.reply import Fault, check_reply

__all__ = [
    "Fault",
    "Found",
    "Shelf",
    "TemplateError",
    "check_reply",
    "fill",
    "finely",
    "holes",
]
