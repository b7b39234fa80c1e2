"""What an applicant is refused, in both languages: their pages speak theirs."""


class NotSo(ValueError):  # noqa: N818 - an answer, not a fault
    """Something that cannot be done, and why."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.en, self.zh = en, zh


NO_NUMBER = NotSo("there is no such number: look again", "没有这个办件编号:请核对后重试")


def told(why: Exception) -> NotSo:
    """Return a refusal in both languages; what was mistyped has one sentence for all."""
    return why if isinstance(why, NotSo) else NO_NUMBER
