"""A relying party by other hands (idpyoidc) signs people in against the provider."""

from collections.abc import Mapping
from typing import Any

import pytest
from cryptojwt.key_jar import KeyJar
from identity_house import BACK, ISSUER, Browser, House, Line
from idpyoidc.client.exception import OidcServiceError
from idpyoidc.client.rp_handler import RPHandler

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Party:
    """The other library, whose requests reach the provider inside this process."""

    def __init__(self, house: House, client: tuple[str, str], *scopes: str, **more: Any) -> None:  # noqa: ANN401
        self.line = Line(house.app)
        config = {
            "issuer": ISSUER, "client_id": client[0], "client_secret": client[1],
            "client_type": "oidc", "client_authn_methods": ["client_secret_basic"],
            "redirect_uris": [BACK],
            "scopes_supported": ["openid", *scopes],
            "preference": {"response_types_supported": ["code"], "response_modes_supported":
                           ["query"], "scopes_supported": ["openid", *scopes]},
            "add_ons": {"pkce": {"function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                                 "kwargs": {"code_challenge_length": 64,
                                            "code_challenge_method": "S256"}}},
            **more,
        }  # fmt: skip
        self.rp = RPHandler(base_url="http://localhost:9000", client_configs={"city": config},
                            httpc=self._http, keyjar=KeyJar())  # fmt: skip
        self.args = {"scope": ["openid", *scopes]}

    def _http(self, method: str, url: str, **told: Any) -> Any:  # noqa: ANN401
        told = {k: v for k, v in told.items() if k in {"data", "headers"}}
        data = told.pop("data", None)
        return self.line.request(method, url, content=data, **told)

    def begin(self, **more: object) -> str:
        return str(self.rp.begin("city", req_args={**self.args, **more}))

    def finish(self, answer: Mapping[str, str]) -> dict[str, Any]:
        return dict(self.rp.finalize(ISSUER, dict(answer)))


def test_a_person_signs_in_and_the_party_knows_as_much_as_was_agreed() -> None:
    house = House()
    party = Party(house, house.client("profile", "phone"), "profile")
    browser = Browser(house).get(party.begin()).password("elder")
    assert "姓名" in browser.body
    assert "林依嬷" in browser.body
    assert "13800000000" not in browser.body, "the phone was not asked for"
    told = party.finish(browser.post("/consent", answer="yes").sent_back)
    assert told["userinfo"]["name"] == "林依嬷"
    assert "phone_number" not in told["userinfo"]
    assert told["id_token"]["acr"] == "urn:mindu:acr:1"
    assert told["id_token"]["amr"] == ["pwd"]
    assert told["id_token"]["sub"] == told["userinfo"]["sub"]


def test_two_sectors_know_one_person_by_two_names_and_one_sector_by_one() -> None:
    house = House()
    browser = Browser(house)
    clients = [
        house.client(sector="health"), house.client(sector="health", name="Ward"),
        house.client(sector="tax", name="Tax"),
    ]  # fmt: skip
    subs = []
    for client in clients:
        party = Party(house, client)
        browser.get(party.begin())
        if 'name="password"' in browser.body:
            browser.password("elder")
        told = party.finish(browser.post("/consent", answer="yes").sent_back)
        subs.append(told["id_token"]["sub"])
    assert subs[0] == subs[1] != subs[2]
    assert house.provider.citizens.named("elder").id not in subs  # type: ignore[union-attr]


def test_answers_mixed_up_between_two_requests_are_refused_by_both_sides() -> None:
    house = House()
    party = Party(house, house.client())
    browser = Browser(house).get(party.begin()).password("elder")
    first = browser.post("/consent", answer="yes").sent_back
    second = browser.get(party.begin()).sent_back
    with pytest.raises(OidcServiceError, match="invalid_grant"):
        party.finish({**second, "code": first["code"]})
    wrong = {**browser.get(party.begin()).sent_back, "iss": "https://elsewhere.example"}
    with pytest.raises(Exception, match=r"(?i)issuer"):
        party.finish(wrong)


def test_keys_turn_and_a_party_that_knew_the_old_one_goes_on() -> None:
    house = House()
    party = Party(house, house.client())
    browser = Browser(house).get(party.begin()).password("elder")
    old = party.finish(browser.post("/consent", answer="yes").sent_back)
    house.provider.keyring.rotate(house.now)
    told = party.finish(browser.get(party.begin()).sent_back)
    assert told["id_token"]["sub"] == old["id_token"]["sub"]
    keys = party.line.request("GET", f"{ISSUER}/jwks").json()["keys"]
    assert len(keys) == 2, "the old key is still published"
    assert all("d" not in key for key in keys)


def test_a_refresh_token_turns_and_a_token_given_back_is_dead() -> None:
    house = House()
    client = house.client("offline_access", "profile")
    party = Party(house, client, "offline_access", "profile")
    browser = Browser(house).get(party.begin()).password("elder")
    told = party.finish(browser.post("/consent", answer="yes").sent_back)
    fresh = party.rp.refresh_access_token(told["state"])
    assert fresh["refresh_token"] != told.get("refresh_token")
    assert party.rp.get_user_info(told["state"], access_token=fresh["access_token"])["name"]
    auth = (client[0], client[1])
    gone = party.line.request("POST", f"{ISSUER}/revoke", data={"token": fresh["access_token"]},
                              auth=auth)  # fmt: skip
    assert gone.status_code == 200
    with pytest.raises(OidcServiceError, match="invalid_token"):
        party.rp.get_user_info(told["state"], access_token=fresh["access_token"])


def test_a_party_ends_the_session_and_only_registered_addresses_get_the_browser_back() -> None:
    house = House()
    party = Party(house, house.client())
    browser = Browser(house).get(party.begin()).password("elder")
    told = party.finish(browser.post("/consent", answer="yes").sent_back)
    hint = party.rp.issuer2rp[ISSUER].get_context().cstate.get(told["state"])["id_token"]
    browser.get(f"{ISSUER}/logout?id_token_hint={hint}&post_logout_redirect_uri={BACK}/evil")
    assert "已退出登录" in browser.body
    assert 'name="password"' in browser.get(party.begin()).body
    browser.password("elder")
    browser.get(f"{ISSUER}/logout?id_token_hint={hint}&post_logout_redirect_uri={BACK}/out&state=7")
    assert browser.at == f"{BACK}/out?state=7"
    assert len(house.written("identity_signed_out")) == 2
    browser.get(f"{ISSUER}/sign-in").password("elder")
    assert "确认退出登录" in browser.get(f"{ISSUER}/logout").body, "nobody is signed out by a link"


def test_what_discovery_says_is_so() -> None:
    house = House()
    party = Party(house, house.client())
    told = party.line.request("GET", f"{ISSUER}/.well-known/openid-configuration").json()
    assert told["issuer"] == ISSUER
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["subject_types_supported"] == ["pairwise"]
    for name in ("token", "revocation"):
        assert (
            party.line.request("POST", told[f"{name}_endpoint"], data={}).status_code == 400 or 401
        )
