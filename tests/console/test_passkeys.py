"""Passkeys: made once, answered once, and of no use at another site."""

from authenticator import Authenticator
from visitor import Visitor

from mindu.console.server import Serving

pytest_plugins = ("served",)


def test_a_passkey_is_made_once_and_signs_in(desk: Serving) -> None:
    host = f"localhost:{desk.port}"
    key = Authenticator("localhost", f"http://{host}")
    owner, guest = Visitor(desk).as_("operator", "Lin"), Visitor(desk)
    asked = owner.send("/api/v1/passkey/begin-enrol", Host=host).json
    made = owner.send("/api/v1/passkey/finish-enrol", key.create(asked), Host=host)
    assert made.status == 200, made.text
    asked = guest.send("/api/v1/passkey/begin-enter", Host=host).json
    entered = guest.send("/api/v1/passkey/finish-enter", key.sign(asked), Host=host)
    assert (entered.status, entered.json["name"]) == (200, "Lin")


def test_a_passkey_for_another_challenge_or_site_is_refused(desk: Serving) -> None:
    host = f"localhost:{desk.port}"
    key = Authenticator("localhost", f"http://{host}")
    owner, guest = Visitor(desk).as_("operator", "Lin"), Visitor(desk)
    asked = owner.send("/api/v1/passkey/begin-enrol", Host=host).json
    owner.send("/api/v1/passkey/finish-enrol", key.create(asked), Host=host)
    asked = guest.send("/api/v1/passkey/begin-enter", Host=host).json
    answer = key.sign(asked)
    assert guest.send("/api/v1/passkey/finish-enter", answer, Host=host).status == 200
    again = Visitor(desk).send("/api/v1/passkey/finish-enter", answer, Host=host)
    assert again.status == 403, "a challenge is answered once"
    stranger = Visitor(desk)
    asked = stranger.send("/api/v1/passkey/begin-enter", Host=host).json
    key.origin = "http://elsewhere.example"
    assert stranger.send("/api/v1/passkey/finish-enter", key.sign(asked), Host=host).status == 403
