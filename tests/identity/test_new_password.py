"""A forgotten password is mended by a link that is good once, or by a stronger proof."""

from datetime import timedelta

import pytest
from identity_house import GOOD, ISSUER, Browser, House

NEW = "tide-lantern-plum-7"


@pytest.fixture
def house() -> House:
    return House()


def link(house: House, name: str = "elder") -> str:
    key = house.provider.citizens.keys.key_for(name, "viewer", house.now, timedelta(hours=1))
    return f"{ISSUER}/new-password?once={key}"


def works(house: House, password: str) -> bool:
    return house.provider.citizens.check("person", "elder", password, house.now) is not None


def test_a_link_sets_a_new_password_once_and_ends_what_the_old_one_opened(house: House) -> None:
    before, browser, way = Browser(house), Browser(house), link(house)
    before.get(f"{ISSUER}/sign-in").password("elder")
    browser.get(way)
    once = way.partition("once=")[2]
    assert browser.post("/new-password", once=once, password="short").status == 422  # noqa: S106
    assert "elder" in browser.body
    browser.post("/new-password", once=once, password=NEW)
    assert "新口令已生效" in browser.body
    assert works(house, NEW)
    assert not works(house, GOOD)
    assert 'name="password"' in before.get(f"{ISSUER}/").body, "who was signed in is out"
    assert browser.get(way).status == 410


def test_a_link_that_is_old_or_made_up_sets_nothing(house: House) -> None:
    browser, way = Browser(house), link(house)
    house.later(minutes=61)
    for told in (way, f"{ISSUER}/new-password?once=made-up"):
        assert browser.get(told).status == 410
    browser.post("/new-password", once="made-up", password=NEW)
    assert browser.status in {403, 410}
    assert works(house, GOOD)


def test_who_proves_who_they_are_more_strongly_sets_their_own(house: House) -> None:
    browser = Browser(house)
    browser.bound("elder", "elder")
    browser.get(f"{ISSUER}/new-password")
    browser.post("/new-password", password=NEW)
    assert works(house, NEW)


def test_a_password_alone_or_an_old_proof_sets_none(house: House) -> None:
    browser = Browser(house)
    browser.get(f"{ISSUER}/sign-in").password("elder")
    assert "通行密钥或网证" in browser.get(f"{ISSUER}/new-password").body
    browser.post("/new-password", password=NEW)
    assert works(house, GOOD)
    browser.bound("elder", "elder")
    house.later(minutes=11)
    assert "通行密钥或网证" in browser.get(f"{ISSUER}/new-password").body
    assert works(house, GOOD)


def test_staff_are_mended_by_the_console_s_own_accounts(house: House) -> None:
    house.staff.accounts.add("Lin", "operator", password=GOOD, now=house.now)
    browser, way = Browser(house), link(house, "staff:Lin")
    browser.get(way).post("/new-password", once=way.partition("once=")[2], password=NEW)
    assert house.staff.accounts.check("Lin", NEW) is not None
