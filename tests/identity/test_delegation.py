"""One acts for another: offered, accepted, used in bounds, ended by either; all on the log."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from identity_house import BACK, GOOD, ISSUER, Browser, Client, House, claims

from mindu.console.identity.delegated import Delegation, NotSo


@pytest.fixture
def house() -> House:
    house = House()
    house.staff.accounts.add("Lin", "operator", password=GOOD, now=house.now)
    return house


def offered(house: House, **told: str | list[str]) -> Browser:
    elder = Browser(house).bound("elder", "elder")
    until = f"{house.now + timedelta(days=30):%Y-%m-%d}"
    sent = {"delegate": "son", "relation": "child", "may": ["apply", "follow"]}
    return elder.post("/offer", **{**sent, "matters": "allowance", "until": until, **told})


def accepted(house: House) -> tuple[Delegation, Browser, Browser]:
    elder = offered(house)
    son = Browser(house).bound("son", "son")
    (told,) = house.provider.delegations.held(house.provider.citizens.named("son").id)  # type: ignore[union-attr]
    son.post("/accept", id=told.id)
    found = house.provider.delegations.find(told.id)
    assert found is not None
    return found, elder, son


def test_a_son_acts_for_his_mother_and_the_party_knows_for_whom_and_what(house: House) -> None:
    told, _, son = accepted(house)
    assert told.holds(house.now)
    hall = Client(house, "acting", "profile")
    son.get(hall.url())
    assert "林依嬷" in son.body
    son.post("/consent", answer="yes", acting=told.id)
    tokens = hall.redeem(son.sent_back["code"]).json()
    said = claims(tokens["id_token"])
    assert said["on_behalf_of"]["name"] == "林依嬷"
    assert said["on_behalf_of"]["matters"] == ["allowance"]
    assert said["on_behalf_of"]["sub"] != said["sub"], "who acts is still told apart"
    elder = Browser(house).get(f"{ISSUER}/sign-in").pretend("elder").get(hall.url())
    elder.post("/consent", answer="yes")
    own = claims(hall.redeem(elder.sent_back["code"]).json()["id_token"])
    assert own["sub"] == said["on_behalf_of"]["sub"]
    assert "on_behalf_of" not in own


def test_ended_by_the_mother_it_is_over_at_the_next_use(house: House) -> None:
    told, elder, son = accepted(house)
    hall = Client(house, "acting")
    son.get(hall.url()).post("/consent", answer="yes", acting=told.id)
    tokens = hall.redeem(son.sent_back["code"]).json()
    assert "on_behalf_of" in hall.userinfo(tokens["access_token"]).json()
    elder.post("/end", id=told.id)
    assert hall.userinfo(tokens["access_token"]).status_code == 401
    son.get(hall.url())
    assert "林依嬷" not in son.body
    assert [one["delegation"] for one in house.written("delegation_ended")] == [told.id]


def test_it_expires_and_reaches_no_further_than_it_says(house: House) -> None:
    told, _, _ = accepted(house)
    use = house.provider.delegations.use
    use(told, what="apply", matter="allowance", by="hall", now=house.now)
    for what, matter in (("collect", "allowance"), ("apply", "newborn")):
        with pytest.raises(NotSo, match="does not reach"):
            use(told, what=what, matter=matter, by="hall", now=house.now)
    house.later(days=32)
    with pytest.raises(NotSo, match="does not hold"):
        use(told, what="apply", matter="allowance", by="hall", now=house.now)
    assert len(house.written("delegation_used")) == 1


def test_without_the_yes_of_both_or_a_strong_proof_there_is_none(house: House) -> None:
    weak = Browser(house).get(f"{ISSUER}/sign-in").password("stranger")
    weak.post("/offer", delegate="son", relation="kin", may="apply", until="2099-01-01")
    assert "更高等级" in weak.body
    offered(house)
    (told,) = house.provider.delegations.held(house.provider.citizens.named("son").id)  # type: ignore[union-attr]
    assert not told.holds(house.now)
    other = Browser(house).bound("stranger", "mother")
    assert "没有这项委托" in other.post("/accept", id=told.id).body
    password = Browser(house).get(f"{ISSUER}/sign-in").password("son")
    assert "更高等级" in password.post("/accept", id=told.id).body
    assert house.written("delegation_accepted") == []


@pytest.mark.parametrize(
    ("told", "why"),
    [({"until": "2099-01-01"}, "最长一年"), ({"until": "never"}, "最长一年"),
     ({"may": "everything"}, "委托事项"), ({"delegate": "elder"}, "须为他人"),
     ({"delegate": "nobody"}, "没有这个个人账号")],
)  # fmt: skip
def test_an_offer_that_says_too_much_is_refused_in_words(
    house: House, told: dict[str, str], why: str
) -> None:
    browser = offered(house, **told)
    assert (browser.status, why in browser.body) == (422, True)


def test_a_refused_offer_gives_back_what_was_typed(house: House) -> None:
    back = offered(house, delegate="nobody", relation="friend", may="follow").body
    assert 'value="nobody"' in back
    for chosen in ("friend", "follow"):
        assert f'value="{chosen}" checked' in back
    assert 'value="child" checked' not in back


def test_uses_are_told_in_words_and_the_consent_says_where_it_goes(house: House) -> None:
    client = Client(house, "profile", "phone")
    son = Browser(house).bound("son", "son").get(client.url())
    assert "陈明、个人" in son.body
    assert "person" not in re.sub(r"<[^>]*>", "", son.body)
    assert f"接收方:{urlsplit(BACK).netloc}" in son.body
    tokens = client.redeem(son.post("/consent", answer="yes").sent_back["code"]).json()
    client.userinfo(tokens["access_token"])
    shown = son.get(f"{ISSUER}/").body
    assert "姓名(名称)、手机号码、主体类型" in shown
    assert "subject_kind" not in shown


def test_a_client_that_is_not_registered_for_it_is_never_told(house: House) -> None:
    told, _, son = accepted(house)
    shop = Client(house, "profile")
    son.get(shop.url())
    assert "林依嬷" not in son.body
    assert son.post("/consent", answer="yes", acting=told.id).status == 403
    assert son.get(shop.url(scope="openid acting")).sent_back["error"] == "invalid_scope"


def test_a_counter_checks_the_credential_and_a_forged_one_is_refused_in_words(house: House) -> None:
    told, elder, son = accepted(house)
    son.get(f"{ISSUER}/credential?id={told.id}")
    found = re.search(r"<textarea[^>]*>([^<]+)<", son.body)
    assert found
    counter = Browser(house).get(f"{ISSUER}/sign-in").password("Lin", kind="staff")
    counter.get(f"{ISSUER}/check")
    sent = {"what": "apply", "matter": "allowance"}
    assert "有效" in counter.post("/check", credential=found[1], **sent).body
    assert "伪造" in counter.post("/check", credential=found[1][:-4] + "AAAA", **sent).body
    assert "超出委托范围" in counter.post("/check", credential=found[1], what="collect").body
    elder.post("/end", id=told.id)
    assert "已终止" in counter.post("/check", credential=found[1], **sent).body
    assert [use["what"] for use in house.written("delegation_used")] == ["apply"]
    shown = Browser(house).get(f"{ISSUER}/sign-in").pretend("elder").body
    assert "受托人代您办理" in shown, "she sees every use"
