"""The services keep their secret and their drawer whole, and take no body without an end."""

from pathlib import Path

import pytest
from starlette.requests import Request

from mindu.apps.services.web.doors import BODY, _bounded
from mindu.cli.say import Trouble
from mindu.cli.services.hall import secret_of
from mindu.data.vault import Vault


def test_a_secret_is_made_once_and_one_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "services.secret"
    assert len(secret_of(path)) == 32
    assert secret_of(path) == secret_of(path)
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"")
    with pytest.raises(Trouble, match="no secret"):
        secret_of(path)


def test_an_erased_key_stands_in_no_file_of_the_drawer(tmp_path: Path) -> None:
    drawer = Vault(tmp_path)
    drawer.put("someone", "answers", {"name": "x"})
    key = drawer._key("someone")
    assert key is not None
    assert drawer.erase("someone")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    drawer.close()
    assert key not in held


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"content-length": "10"}, True), ({"content-length": str(BODY + 1)}, False), ({}, False),
        ({"content-length": "10", "transfer-encoding": "chunked"}, False),
        ({"transfer-encoding": "chunked"}, False), ({"content-length": "9" * 5000}, False),
    ],
)  # fmt: skip
def test_a_body_is_taken_when_it_says_how_long_it_is(
    headers: dict[str, str],
    taken: bool,  # noqa: FBT001 - one value of a row
) -> None:
    told = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert _bounded(Request({"type": "http", "headers": told})) == taken
