"""The modeller over the wire: its addresses and its forms."""
