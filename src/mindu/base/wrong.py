"""Wrong: errors of the ground floor that a person reads; each says what it is in both languages."""

from mindu.base.records import Words


class Spoken(Exception):  # noqa: N818 - it says what is so
    """Something wrong that says what it is in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Carry both sentences."""
        super().__init__(en)
        self.says = Words(en, zh)


class Damaged(Spoken, ValueError):  # noqa: N818 - it says what is damaged
    """Something written is not as it was written, or is none of ours."""


class Unopened(Spoken, OSError):  # noqa: N818 - it says what stays shut
    """A disk or a server does not let us in."""


class Taken(Spoken, RuntimeError):  # noqa: N818 - it says who holds it
    """Nothing may be written here now."""


class Full(Spoken, ValueError):  # noqa: N818 - it says what is full
    """No more of it is taken now."""


def said(wrong: BaseException, en: str = "", zh: str = "") -> Words:
    """Return what an error says, after `en` and `zh`; else the machine's own words after them."""
    told = getattr(wrong, "says", None)
    both = told if isinstance(told, Words) else Words(str(wrong), str(wrong))
    return Words(en + both.en, zh + both.zh)
