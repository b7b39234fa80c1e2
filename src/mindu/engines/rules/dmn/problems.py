"""What is wrong with a model: the element, what is wrong and how to mend it, in both languages."""

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """A part of a model that cannot be used; the rest can."""

    where: str
    en: str
    zh: str
    element: str = ""  # the id of what it is about in the drawing, where it is drawn


class ModelError(ValueError):
    """A model that cannot be used at all."""

    def __init__(self, where: str, english: str, chinese: str, element: str = "") -> None:
        super().__init__(f"{where}: {english}")
        self.problem = Problem(where, english, chinese, element)
