"""Who may ask at all, what a person takes back, and what the store keeps."""

from pathlib import Path

import pytest
from identity_house import BACK, ISSUER, Browser, Client, House

from mindu.base.records import Words
from mindu.console.identity.clients import NoClient
from mindu.console.identity.keyring import AHEAD, SIGNS, Keyring, NotOurs
from mindu.console.identity.store import opened
from mindu.console.identity.tickets import Tickets

NAME = Words("Shop", "店")


@pytest.mark.parametrize(
    "address",
    ["http://shop.example/back", "https://*.example/back", "https://shop.example/back#x",
     "shop.example", "javascript:alert(1)", "https://u:p@shop.example/", "https://店.example/"],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_not_registered(address: str) -> None:
    house = House()
    with pytest.raises(NoClient, match="no address for answers"):
        house.provider.clients.register(NAME, [address], ["openid"], now=house.now)


def test_a_registry_says_what_it_takes() -> None:
    house = House()
    register = house.provider.clients.register
    with pytest.raises(NoClient, match="scopes are openid"):
        register(NAME, [BACK], ["openid", "everything"], now=house.now)
    with pytest.raises(NoClient, match="need a sector"):
        register(NAME, [BACK, "https://a.example/"], ["openid"], now=house.now)
    with pytest.raises(NoClient, match="1 to 10"):
        register(NAME, [], ["openid"], now=house.now)
    client, secret = register(NAME, [BACK], ["openid"], now=house.now)
    assert secret not in repr(house.provider.clients.find(client.id))


def test_a_client_that_is_taken_out_is_refused_at_once() -> None:
    house = House()
    clinic = Client(house)
    token = clinic.redeem(clinic.code(Browser(house))).json()["access_token"]
    assert house.provider.clients.remove(clinic.id)
    assert clinic.userinfo(token).status_code == 401
    assert "未在本平台登记" in Browser(house).get(clinic.url()).body


def test_a_consent_that_is_taken_back_ends_the_next_use_and_all_is_seen() -> None:
    house = House()
    clinic, browser = Client(house, "profile", "offline_access"), Browser(house)
    told = clinic.redeem(clinic.code(browser)).json()
    assert clinic.userinfo(told["access_token"]).json()["name"] == "林依嬷"
    browser.get(f"{ISSUER}/")
    assert "应用使用了您的信息" in browser.body
    browser.post("/take-back", client=clinic.id)
    assert clinic.userinfo(told["access_token"]).status_code == 401
    assert clinic.refresh(told["refresh_token"]).status_code == 400
    assert 'value="yes"' in browser.get(clinic.url()).body, "she is asked anew"
    assert [one["what"] for one in house.written("identity_withdrawn")] == ["consent"]


def test_a_person_who_says_no_is_asked_for_nothing_more() -> None:
    house = House()
    clinic = Client(house)
    browser = Browser(house).get(clinic.url()).password("elder").post("/consent", answer="no")
    assert browser.sent_back["error"] == "access_denied"
    assert browser.sent_back["state"] == "s"


def test_a_person_who_leaves_is_forgotten_and_their_tokens_are_dead() -> None:
    house = House()
    clinic = Client(house, "profile")
    token = clinic.redeem(clinic.code(Browser(house))).json()["access_token"]
    elder = house.provider.citizens.named("elder")
    assert elder is not None
    house.provider.citizens.leave(elder)
    assert clinic.userinfo(token).status_code == 401
    assert house.provider.citizens.facts(elder.id) == {}


def test_the_store_is_its_owners_alone_and_keeps_digests(tmp_path: Path) -> None:
    opened(tmp_path)
    path = tmp_path / "identity.db"
    assert path.stat().st_mode & 0o077 == 0
    house = House()
    tickets = Tickets(house.provider.store)
    assert tickets.held("guessed", "access", house.now) is None


def test_a_successor_is_published_a_day_before_it_signs() -> None:
    house = House()
    ring: Keyring = house.provider.keyring
    first = ring.sign({"a": 1}, house.now)
    house.now += SIGNS - AHEAD
    assert len(ring.jwks(house.now)["keys"]) == 2
    kid = ring.opened(ring.sign({"a": 2}, house.now))
    assert kid == {"a": 2}
    house.now += AHEAD
    ring.sign({"a": 3}, house.now)
    assert ring.opened(first) == {"a": 1}, "what the old key signed still holds"
    with pytest.raises(NotOurs):
        ring.opened(first[:-6] + "AAAAAA")


def test_every_page_is_there_in_both_languages_without_script() -> None:
    house = House()
    for lang, word in (("zh-CN", "登录"), ("en", "Sign in")):
        browser = Browser(house, lang).get(f"{ISSUER}/sign-in")
        assert word in browser.body
        assert "script-src 'self'" in browser.headers["content-security-policy"]
        assert "default-src 'none'" in browser.headers["content-security-policy"]
        clinic = Client(house)
        leads = f"form-action 'self' {BACK[:21]}"
        assert leads in browser.get(clinic.url()).headers["content-security-policy"]
        browser.password("elder")
        assert f"form-action 'self' {BACK[:21]}" in browser.headers["content-security-policy"]
