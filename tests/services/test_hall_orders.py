"""Registry and licences are kept while the hall serves; without it the verbs do it alone."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from services_desk import SHOP
from services_people import GOOD, Hall

from mindu.apps.services.licences.status import Status
from mindu.apps.services.numbers import instance_of
from mindu.cli.services import identity, licence
from mindu.cli.services.orders import SOCKET, taken
from mindu.cli.verbs import run


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Hall]:
    """A hall whose loop runs, taking orders."""
    hall, loop = Hall(tmp_path), asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    with taken(hall.hall, tmp_path, loop, {"identity": identity.do, "licence": licence.do}):
        yield hall
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def gives(folder: Path, *args: str) -> int:
    return run([*args, "--data", str(folder), "--json"])


def test_a_client_is_registered_listed_and_dropped_while_the_hall_serves(
    served: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = "https://clinic.example/back"
    assert gives(tmp_path, "identity", "client", "clinic", "--redirect", there) == 0
    made = json.loads(capsys.readouterr().out)
    client = served.provider.clients.find(made["client_id"])
    assert client is not None
    assert client.check_client_secret(made["client_secret"])
    assert gives(tmp_path, "identity", "list") == 0
    assert made["client_id"] in capsys.readouterr().out
    assert gives(tmp_path, "identity", "rotate") == 0
    assert gives(tmp_path, "identity", "drop", made["client_id"]) == 0
    assert served.provider.clients.find(made["client_id"]) is None
    capsys.readouterr()
    assert gives(tmp_path, "identity", "drop", "nobody") != 0
    assert "no client nobody" in capsys.readouterr().err
    assert gives(tmp_path, "identity", "client", "x", "--redirect", "http://far/back") != 0


def test_staff_get_an_account_and_offices_while_the_hall_serves(
    served: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "getpass", lambda _: GOOD)
    assert gives(tmp_path, "identity", "staff", "Mei", "--office", "民政") == 0
    assert served.hall.people.accounts.person("Mei") is not None
    assert served.provider.citizens.offices_of("Mei") == ("民政",)
    assert gives(tmp_path, "identity", "staff", "Mei", "--office", "window") == 0
    assert served.provider.citizens.offices_of("Mei") == ("window",)
    assert gives(tmp_path, "identity", "staff", "Mei", "--role", "king") != 0


def test_a_licence_is_suspended_while_the_hall_serves_and_refusals_come_in_words(
    served: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = instance_of(served.counter.hand_in("holder", "restaurant", SHOP, served.time))
    served.approve_all(case)
    number = f"SP{case:08d}"
    assert gives(tmp_path, "licence", "set", number, "--why", "后厨不洁") == 0
    assert served.site.licences.row(number).status is Status.SUSPENDED
    capsys.readouterr()
    for args in ((number, "--why", " "), ("SP9", "--why", "x")):
        assert gives(tmp_path, "licence", "set", *args) != 0
        assert capsys.readouterr().err.strip()


def test_only_the_folders_owner_may_give_orders(served: Hall, tmp_path: Path) -> None:
    assert served is not None
    assert (tmp_path / SOCKET).stat().st_mode & 0o077 == 0


def test_without_a_hall_the_verb_does_it_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = "https://clinic.example/back"
    assert gives(tmp_path, "identity", "client", "clinic", "--redirect", there) == 0
    made = json.loads(capsys.readouterr().out)
    again = Hall(tmp_path)
    assert again.provider.clients.find(made["client_id"]) is not None
    assert gives(tmp_path, "identity", "list") != 0, "another writes the log"
