"""The two ways to read a message: by kernels, where numba is installed, and the ordinary one."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from mindu.engines.text.same.hashed import BODY_CODES, TITLE_CODES

KERNELS = "kernels"


def by_ways() -> tuple[str, ...]:
    """Return the ways that this machine can go."""
    return (KERNELS, "the ordinary way") if find_spec("numba") else ("the ordinary way",)


@contextmanager
def by(way: str) -> Iterator[None]:
    """Go one way while measuring; words whose codes are remembered are forgotten first."""
    for codes in (TITLE_CODES, BODY_CODES):
        codes.clear()
    if way != KERNELS:
        yield
        return
    from mindu.engines.text.quick.begin import away, put, warm  # noqa: PLC0415 - it loads numba

    warm()
    put()
    try:
        yield
    finally:
        away()
