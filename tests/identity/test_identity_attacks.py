"""What an attacker tries against the provider: it is refused, told and written down."""

from urllib.parse import quote

import pytest
from identity_house import BACK, GOOD, ISSUER, Browser, Client, House, claims


@pytest.fixture
def house() -> House:
    return House()


def test_a_code_that_comes_twice_is_refused_and_ends_what_came_of_it(house: House) -> None:
    clinic = Client(house, "offline_access")
    code = clinic.code(Browser(house))
    first = clinic.redeem(code).json()
    assert clinic.userinfo(first["access_token"]).status_code == 200
    again = clinic.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert clinic.userinfo(first["access_token"]).status_code == 401
    assert clinic.refresh(first["refresh_token"]).status_code == 400
    assert "a code came a second time" in [r["why"] for r in house.written("identity_refused")]


def test_a_code_is_of_no_use_to_another_client_or_with_another_address(house: House) -> None:
    clinic, thief = Client(house), Client(house, name="Thief")
    code = clinic.code(Browser(house))
    assert thief.redeem(code).json()["error"] == "invalid_grant"
    assert clinic.redeem(code).status_code == 200, "a stranger's try does not use it up"
    code = clinic.code(Browser(house))
    assert clinic.redeem(code, redirect_uri=f"{BACK}/x").json()["error"] == "invalid_grant"
    assert clinic.redeem(code).status_code == 400, "a wrong try uses it up"


@pytest.mark.parametrize(
    "address",
    [f"{BACK}/", f"{BACK}?x=1", BACK.upper(), "http://localhost:9000", f"{BACK}#x",
     "https://evil.example/back", "http://localhost:9000/back@evil.example"],
)  # fmt: skip
def test_an_answer_goes_nowhere_but_to_the_registered_address(house: House, address: str) -> None:
    clinic = Client(house)
    browser = Browser(house).get(clinic.url(redirect_uri=address))
    assert browser.status == 400
    assert browser.at == "", "nobody is sent anywhere"
    assert "未在本平台登记" in browser.body
    stranger = Browser(house, "en").get(clinic.url(client_id="nobody"))
    assert "not registered" in stranger.body


@pytest.mark.parametrize(
    "asked",
    [{"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"},
     {"code_challenge_method": None}, {"code_challenge": "short"}],
)  # fmt: skip
def test_pkce_cannot_be_left_out_or_weakened(house: House, asked: dict[str, str | None]) -> None:
    browser = Browser(house).get(Client(house).url(**asked))
    assert browser.sent_back["error"] == "invalid_request"
    assert browser.sent_back["iss"] == ISSUER, "the answer says whose it is (RFC 9207)"


def test_a_stolen_code_is_of_no_use_without_the_verifier(house: House) -> None:
    clinic = Client(house)
    code = clinic.code(Browser(house))
    assert clinic.redeem(code, code_verifier="w" * 64).json()["error"] == "invalid_grant"
    assert clinic.redeem(code).json()["error"] == "invalid_grant", "the first try used it up"


def test_a_nonce_works_once_and_comes_back_in_the_token(house: House) -> None:
    clinic, browser = Client(house), Browser(house)
    told = clinic.redeem(clinic.code(browser, nonce="mine")).json()
    assert claims(told["id_token"])["nonce"] == "mine"
    browser.get(clinic.url(nonce="mine"))
    assert browser.sent_back["error"] == "invalid_request"


def test_a_code_lives_a_minute_and_an_access_token_ten(house: House) -> None:
    clinic, browser = Client(house), Browser(house)
    code = clinic.code(browser)
    house.later(seconds=61)
    assert clinic.redeem(code).json()["error"] == "invalid_grant"
    token = clinic.redeem(clinic.code(browser)).json()["access_token"]
    house.later(minutes=9)
    assert clinic.userinfo(token).status_code == 200
    house.later(minutes=2)
    refused = clinic.userinfo(token)
    assert refused.status_code == 401
    assert "invalid_token" in refused.headers["www-authenticate"]


def test_a_stolen_refresh_token_ends_the_family_for_thief_and_owner(house: House) -> None:
    clinic, other = Client(house, "offline_access"), Client(house, "offline_access", name="Other")
    first = clinic.redeem(clinic.code(Browser(house))).json()
    assert other.refresh(first["refresh_token"]).status_code == 400, "not its own"
    second = clinic.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    stolen = clinic.refresh(first["refresh_token"])
    assert stolen.json()["error"] == "invalid_grant"
    assert clinic.userinfo(second["access_token"]).status_code == 401
    assert clinic.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    why = [r["why"] for r in house.written("identity_refused")]
    assert "a refresh token came a second time" in why


def test_a_client_without_its_secret_or_beyond_its_scopes_is_refused(house: House) -> None:
    clinic, browser = Client(house, "profile"), Browser(house)
    code = clinic.code(browser)
    clinic.secret, kept = "guessed", clinic.secret
    assert clinic.redeem(code).json()["error"] == "invalid_client"
    clinic.secret = kept
    assert clinic.redeem(code).status_code == 200, "who could not prove itself used nothing up"
    for scope in ("openid identity", "profile", "openid nonsense", ""):
        assert browser.get(clinic.url(scope=scope)).sent_back["error"] == "invalid_scope"
    assert browser.get(clinic.url(response_type="token")).sent_back["error"] in {
        "unsupported_response_type", "unauthorized_client",
    }  # fmt: skip


def test_what_another_browser_began_cannot_be_finished_here(house: House) -> None:
    """A victim who is lured to an attacker's waiting request is not signed into it."""
    clinic, attacker, victim = Client(house), Browser(house), Browser(house)
    attacker.get(clinic.url())
    waits = str(attacker.line.cookies) and attacker.body.split('name="r" value="')[1][:32]
    victim.get(f"{ISSUER}/sign-in").password("elder")
    assert "请求已失效" in victim.get(f"{ISSUER}/go?r={quote(waits)}").body


def test_a_form_of_another_site_changes_nothing(house: House) -> None:
    browser = Browser(house).get(f"{ISSUER}/sign-in").password("elder")
    browser.get(Client(house).url())
    browser.body = browser.body.replace('name="_token" value="', 'name="_token" value="x')
    assert browser.post("/consent", answer="yes").status == 403
    assert house.written("identity_granted") == []


def test_guessing_passwords_is_slowed_down_by_name_and_address(house: House) -> None:
    browser = Browser(house).get(f"{ISSUER}/sign-in")
    form = browser.body
    found = []
    for _ in range(12):
        browser.body = form
        told = browser.post("/password", name="elder", password=GOOD[::-1], kind="person")
        found.append(told.status)
    assert found == [403] * 10 + [429] * 2
    assert house.written("identity_signed_in") == []


def test_a_parameter_that_is_there_twice_is_refused(house: House) -> None:
    browser = Browser(house).get(Client(house).url() + "&nonce=other")
    assert browser.sent_back.get("error") == "invalid_request"


def test_no_secret_and_no_name_of_a_person_stands_in_the_log(house: House) -> None:
    clinic = Client(house, "profile", "phone", "offline_access")
    code = clinic.code(Browser(house))
    told = clinic.redeem(code).json()
    clinic.userinfo(told["access_token"])
    text = house.text()
    secrets = (code, told["access_token"], told["refresh_token"], clinic.secret,
               "林依嬷", "13800000000", "kelp-orbit")  # fmt: skip
    assert not [one for one in secrets if one in text]
