"""A policy's class is found in its own room, without the house above it."""

import subprocess
import sys

from mindu.engines.hydraulics.wire import packed

ASK = """
import sys
from mindu.engines.hydraulics.light import lightly
found = lightly(bytes.fromhex(sys.argv[1]))
print(type(found).__name__, "mindu.brain" in sys.modules)
"""


def asked(value: object) -> str:
    """Unpickle a value in a clean process; return its class, and whether the brain came along."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, packed(value).hex()],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_policy_comes_without_its_app() -> None:
    from mindu.apps.water.control.event.live import Still  # noqa: PLC0415 - the heavy room

    assert asked(Still()) == "Still False"


def test_what_stands_in_a_front_room_is_found_there() -> None:
    from mindu.apps.water import APP  # noqa: PLC0415 - the heavy room

    assert asked(type(APP)) == "type True"
