"""How sure the provider is: password, passkey, 网证; asked for more, it asks the person."""

from urllib.parse import urlsplit

import pytest
from authenticator import Authenticator
from identity_house import GOOD, ISSUER, Browser, Client, House, claims


@pytest.fixture
def house() -> House:
    return House()


def test_a_stronger_level_is_asked_of_the_person_and_told_in_the_token(house: House) -> None:
    clinic, browser = Client(house), Browser(house)
    browser.bound("elder", "elder")
    browser.post("/sign-out")
    browser.get(clinic.url(acr_values="urn:mindu:acr:3")).password("elder")
    assert "更高的身份可信等级" in browser.body, "a password alone is not enough"
    browser.pretend("elder")
    browser.post("/consent", answer="yes")
    told = claims(clinic.redeem(browser.sent_back["code"]).json()["id_token"])
    assert told["acr"] == "urn:mindu:acr:3"
    assert told["amr"] == ["pwd", "ctid-sim"], "nobody takes the simulator for the real thing"


def test_an_unknown_level_is_refused_and_a_stale_sign_in_is_asked_again(house: House) -> None:
    clinic, browser = Client(house), Browser(house)
    assert browser.get(clinic.url(acr_values="urn:x")).sent_back["error"] == "invalid_request"
    clinic.code(browser)
    house.later(minutes=10)
    assert browser.get(clinic.url(max_age="3600")).sent_back["code"]
    assert 'name="password"' in browser.get(clinic.url(max_age="60")).body
    browser.password("elder")
    assert browser.sent_back["code"], "the consent is known: the code goes out at once"
    house.later(seconds=1)
    assert 'name="password"' in browser.get(clinic.url(prompt="login")).body


def test_a_client_that_wants_no_page_is_told_what_is_missing(house: House) -> None:
    clinic, browser = Client(house), Browser(house)
    assert browser.get(clinic.url(prompt="none")).sent_back["error"] == "login_required"
    browser.get(f"{ISSUER}/sign-in").password("elder")
    assert browser.get(clinic.url(prompt="none")).sent_back["error"] == "consent_required"
    clinic.code(browser)
    assert browser.get(clinic.url(prompt="none")).sent_back["code"]
    assert "consent" in browser.get(clinic.url(prompt="consent")).body


def test_an_online_identity_signs_in_whom_it_is_bound_to_and_nobody_else(house: House) -> None:
    browser = Browser(house).get(f"{ISSUER}/sign-in")
    browser.pretend("elder")
    assert "尚未绑定账号" in browser.body
    browser.bound("elder", "elder")
    assert "350102193601011225" in browser.body
    other = Browser(house).bound("son", "elder")
    assert "已绑定其他账号" in other.body
    back = Browser(house).get(f"{ISSUER}/sign-in").pretend("elder")
    assert "我的身份" in back.body
    assert "林依嬷" in back.body


def test_a_proof_that_somebody_else_began_is_of_no_use(house: House) -> None:
    browser, thief = Browser(house), Browser(house)
    browser.bound("elder", "elder")
    proof = house.provider.proof.begin(f"{ISSUER}/proved?k=0", house.now)  # type: ignore[union-attr]
    key = proof.partition("proof=")[2]
    house.provider.proof.choose(key, "elder", house.now)  # type: ignore[union-attr]
    assert thief.get(f"{ISSUER}/proved?k=0&proof={key}").status == 403
    assert thief.get(f"{ISSUER}/").body.count("林依嬷") == 0


def test_a_passkey_whose_holder_was_verified_is_the_second_level(house: House) -> None:
    key = Authenticator("localhost", "http://localhost:8024")
    browser = Browser(house).get(f"{ISSUER}/sign-in").password("elder")
    step(browser, "finish-enrol", key.create(step(browser, "begin-enrol")))
    browser.get(f"{ISSUER}/").post("/sign-out")
    browser.get(f"{ISSUER}/sign-in")
    step(browser, "finish-enter", key.sign(step(browser, "begin-enter")))
    clinic = Client(house)
    browser.get(clinic.url(acr_values="urn:mindu:acr:2")).post("/consent", answer="yes")
    told = claims(clinic.redeem(browser.sent_back["code"]).json()["id_token"])
    assert (told["acr"], told["amr"]) == ("urn:mindu:acr:2", ["pop", "mfa"])


def test_staff_sign_in_by_the_consoles_accounts_and_lose_all_with_them(house: House) -> None:
    house.staff.accounts.add("Lin", "operator", password=GOOD, now=house.now)
    desk = Client(house, "staff", "profile")
    browser = Browser(house).get(desk.url()).password("Lin", kind="staff")
    browser.post("/consent", answer="yes")
    told = desk.redeem(browser.sent_back["code"]).json()
    assert desk.userinfo(told["access_token"]).json()["role"] == "operator"
    house.staff.accounts.remove("Lin")
    assert desk.userinfo(told["access_token"]).status_code == 401
    assert 'name="password"' in browser.get(desk.url()).body


def test_a_firm_signs_in_as_a_firm_and_a_citizen_is_no_staff(house: House) -> None:
    shop = Client(house, "firm")
    browser = Browser(house).get(shop.url())
    browser.get(f"{ISSUER}/enrol?kind=firm")
    browser.post("/enrol", kind="firm", account="fish", password=GOOD, name="陈明", phone="1",
                 org_name="三坊鱼丸", credit_code="91350100MA00000000")  # fmt: skip
    browser.get(shop.url()).post("/consent", answer="yes")
    told = shop.redeem(browser.sent_back["code"]).json()
    assert shop.userinfo(told["access_token"]).json()["org_name"] == "三坊鱼丸"
    assert Browser(house).get(f"{ISSUER}/sign-in").password("elder", kind="staff").status == 403
    assert "账号名已被使用" in enrolled(house, "staff:Lin").body
    assert "易被猜中" in enrolled(house, "wang", "wangwangwang").body


def test_a_session_gets_a_new_secret_with_every_proof(house: House) -> None:
    browser = Browser(house).get(f"{ISSUER}/sign-in").password("elder")
    first = browser.line.cookies["mindu_id"]
    browser.pretend("elder", bind="1")
    assert browser.line.cookies["mindu_id"] != first
    assert house.provider.signed.session(first, house.now) is None


def enrolled(house: House, account: str, password: str = GOOD) -> Browser:
    browser = Browser(house).get(f"{ISSUER}/enrol")
    return browser.post("/enrol", kind="person", account=account, password=password, name="x",
                        phone="1")  # fmt: skip


def step(browser: Browser, name: str, told: object = None) -> dict[str, str]:
    token = browser.body.split('name="_token" value="')[1].split('"')[0]
    answer = browser.line.request(
        "POST", f"{urlsplit(ISSUER).path}/passkey/{name}", json=told or {},
        headers={"X-CSRF-Token": token},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found
