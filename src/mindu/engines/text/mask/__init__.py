"""Mask: people leave the text before anything is stored, searched or learned from."""

from mindu.engines.text.mask.mask import SIGNS, Masked, mask

__all__ = ["SIGNS", "Masked", "mask"]
