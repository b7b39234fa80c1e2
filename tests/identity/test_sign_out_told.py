"""Who signs out is signed out at every client, by a token that another library verifies."""

from typing import Any

import pytest
from identity_house import BACK, ISSUER, Browser, House
from idpyoidc.message.oidc.session import BackChannelLogoutRequest
from test_relying_party import Party

from mindu.base.records import Words
from mindu.console.identity.clients import NoClient
from mindu.console.identity.inside import Inside

HEARS = "http://localhost:9000/bye"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def heard(party: Party, client: tuple[str, str], token: str) -> dict[str, Any]:
    """Return what the other library reads in a logout token, once it holds."""
    asked = BackChannelLogoutRequest(logout_token=token)
    keys = party.rp.issuer2rp[ISSUER].get_context().keyjar
    assert asked.verify(keyjar=keys, iss=ISSUER, aud=client[0], allowed_sign_alg="RS256")
    return dict(asked["__verified_logout_token"])


def entered(house: House, browser: Browser, **more: str) -> tuple[Party, tuple[str, str], Any]:
    client = house.client(hears=HEARS, **more)
    party = Party(house, client)
    browser.get(party.begin())
    if 'name="password"' in browser.body:
        browser.password("elder")
    told = party.finish(browser.post("/consent", answer="yes").sent_back)
    return party, client, told["id_token"]


def signed_out(browser: Browser) -> None:
    browser.get(f"{ISSUER}/").post("/sign-out")
    assert "已退出登录" in browser.body


def test_each_client_hears_who_left_by_the_names_that_it_knows() -> None:
    house = House()
    browser = Browser(house)
    clinic, tax = entered(house, browser), entered(house, browser, name="Tax", sector="tax")
    signed_out(browser)
    assert [url for url, _ in house.farewells] == [HEARS, HEARS]
    seen = [heard(party, client, token) for (party, client, _), (_, token)
            in zip((clinic, tax), house.farewells, strict=True)]  # fmt: skip
    for told, (_, client, known) in zip(seen, (clinic, tax), strict=True):
        assert (told["sub"], told["sid"]) == (known["sub"], known["sid"])
        assert told["aud"] == [client[0]]
    assert seen[0]["sub"] != seen[1]["sub"]
    assert seen[0]["sid"] != seen[1]["sid"]
    assert seen[0]["jti"] != seen[1]["jti"]
    with pytest.raises(Exception, match="audience"):
        heard(clinic[0], tax[1], house.farewells[0][1])
    assert len(house.written("identity_sign_out_told")) == 2


def test_a_logout_token_is_no_id_token_and_no_id_token_a_logout_token() -> None:
    house = House()
    browser = Browser(house)
    party, _, _ = entered(house, browser)
    signed_out(browser)
    claims = house.provider.keyring.opened(house.farewells[0][1], kind="logout+jwt")
    assert "nonce" not in claims
    assert claims["exp"] - claims["iat"] == 120
    hint = house.farewells[0][1]
    browser.get(f"{ISSUER}/logout?id_token_hint={hint}&post_logout_redirect_uri={BACK}/out")
    assert "令牌无效" in browser.body
    told = party.line.request("GET", f"{ISSUER}/.well-known/openid-configuration").json()
    assert told["backchannel_logout_supported"] is True
    assert told["backchannel_logout_session_supported"] is True


def test_a_client_that_does_not_answer_hears_it_later() -> None:
    house = House()
    browser = Browser(house)
    entered(house, browser)
    house.answers = [0, 503, 200]
    signed_out(browser)
    assert len(house.farewells) == 1
    due = house.provider.farewells.due
    assert due(house.now) == []
    for minutes in (1, 2):
        house.later(minutes=minutes)
        (one,) = due(house.now)
        told = house.provider.farewell(one, house.now)
        assert told is not None
        house.provider.farewells.answered(one, house.tells_or_0(*told), house.now)
    house.later(hours=2)
    assert due(house.now) == []
    assert [one["how"] for one in house.written("identity_sign_out_told")] == ["told"]


def test_a_client_that_refuses_a_token_is_left() -> None:
    house = House()
    browser = Browser(house)
    entered(house, browser)
    house.answers = [400]
    signed_out(browser)
    house.later(hours=2)
    assert house.provider.farewells.due(house.now) == []
    assert house.written("identity_sign_out_told")[-1]["how"] == "not taken"


def test_after_six_tries_a_client_that_never_answers_is_left() -> None:
    house = House()
    browser = Browser(house)
    entered(house, browser)
    house.answers = [0]
    signed_out(browser)
    for _ in range(9):
        house.later(hours=1)
        for one in house.provider.farewells.due(house.now):
            house.provider.farewells.answered(one, 0, house.now)
    (last,) = house.written("identity_sign_out_told")
    assert (last["how"], last["status"]) == ("not taken", 0.0)


def test_a_stronger_proof_is_the_same_session_and_another_person_ends_it() -> None:
    house = House()
    browser = Browser(house)
    _, _, known = entered(house, browser)
    browser.get(f"{ISSUER}/").get(f"{ISSUER}/sign-in").password("elder")
    assert house.provider.farewells.due(house.now) == []
    assert house.provider.farewells.open(known["sid"], known["aud"][0])
    browser.get(f"{ISSUER}/sign-in").password("son")
    assert not house.provider.farewells.open(known["sid"], known["aud"][0])
    (one,) = house.provider.farewells.due(house.now)
    assert one.sid == known["sid"]


def test_a_site_of_the_house_lets_nobody_stay_who_signed_out_at_the_provider() -> None:
    house = House()
    way = Inside(house.provider, Words("Desk", "办件台"), f"{BACK}/desk", ("profile",), sector="d")
    browser, begun = Browser(house), way.begin()
    browser.get(begun.address).password("elder").post("/consent", answer="yes")
    claims = way.finish(browser.sent_back["code"], begun)
    assert claims is not None
    assert way.open(claims["sid"])
    signed_out(browser)
    assert not way.open(claims["sid"])
    assert house.farewells == [], "it asks, nobody calls it"


def test_only_a_safe_address_may_hear_of_it() -> None:
    house = House()
    with pytest.raises(NoClient):
        house.client(hears="http://elsewhere.example/bye")
