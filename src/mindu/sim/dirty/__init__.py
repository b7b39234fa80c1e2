"""Dirty 杂乱: persons and firms who never lived, as several offices keep them, with mistakes."""
