"""Licences: signed once, shown in three ways, checked without a network."""

import base64
import io
from datetime import UTC, datetime, timedelta

import msgspec
import ofdkit
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

from mindu.apps.services.licences import ofd
from mindu.apps.services.licences.credential import Licence, issued, kept_back, verify
from mindu.apps.services.licences.keys import (
    Ed25519Signer,
    Signer,
    SM2Signer,
    Trust,
    b64,
    unb64,
    verified,
)
from mindu.apps.services.licences.status import Status, StatusList
from mindu.apps.services.licences.tokens import Forged

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = b"s" * 32
LIST = "urn:mindu:status:1"
ED = Ed25519Signer(b"k" * 32, "market-2026", "市场监管局")
# The key pair of GM/T 0003.5 annex A.
D = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
P = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SM = SM2Signer(D, P, "market-sm2", "市场监管局")
MARKET, FIRE = "urn:mindu:department:market", "urn:mindu:department:fire"
OTHER = Ed25519Signer(b"f" * 32, "fire-2026", "消防救援局")
BOTH = Trust(
    {key.public.kid: key.public for key in (ED, SM, OTHER)},
    {"market-2026": {MARKET}, "market-sm2": {MARKET}, "fire-2026": {FIRE}},
)


def licence() -> Licence:
    return Licence(
        number="JY13501020000001",
        kind="urn:mindu:licence:food",
        title="食品经营许可证",
        issuer=MARKET,
        claims={"name": "三坊鱼丸", "address": "南后街8号", "operator": "陈明", "foods": ["hot"]},
        issued=NOW,
        until=NOW + timedelta(days=5 * 365),
        list=LIST,
        index=5,
    )


@pytest.mark.parametrize("signer", [ED, SM], ids=["Ed25519", "SM2"])
def test_a_licence_shows_only_what_its_holder_wants(signer: Signer) -> None:
    whole = issued(licence(), signer, SECRET)
    shown = verify(kept_back(whole, {"name"}), BOTH, NOW)
    assert shown.claims == {"name": "三坊鱼丸"}
    assert verify(whole, BOTH, NOW).claims == licence().claims


@pytest.mark.parametrize("status", list(Status))
def test_a_licence_is_checked_offline_against_the_last_list(status: Status) -> None:
    statuses = StatusList(LIST)
    statuses.set(4, Status.REVOKED)
    statuses.set(5, status)
    token = statuses.token(ED, NOW)
    shown = verify(issued(licence(), ED, SECRET), BOTH, NOW + timedelta(hours=1), {LIST: token})
    assert shown.status is status
    assert shown.as_of == NOW


def test_an_old_list_is_not_relied_on_and_without_one_nothing_is_claimed() -> None:
    credential = issued(licence(), ED, SECRET)
    token = StatusList(LIST).token(ED, NOW)
    with pytest.raises(Forged, match="ran out"):
        verify(credential, BOTH, NOW + timedelta(days=2), {LIST: token})
    assert verify(credential, BOTH, NOW).status is None


def test_an_expired_licence_and_one_of_the_future_are_refused() -> None:
    credential = issued(licence(), ED, SECRET)
    with pytest.raises(Forged, match="ran out on 2031"):
        verify(credential, BOTH, NOW + timedelta(days=6 * 365))
    with pytest.raises(Forged, match="look at the clock"):
        verify(credential, BOTH, NOW - timedelta(days=1))


def test_a_key_that_nobody_trusts_signs_nothing() -> None:
    stranger = Ed25519Signer(b"x" * 32, "market-2026")
    with pytest.raises(Forged, match="signature does not hold"):
        verify(issued(licence(), stranger, SECRET), BOTH, NOW)
    with pytest.raises(Forged, match="not trusted"):
        verify(issued(licence(), ED, SECRET), Trust({}, {}), NOW)


def test_a_department_s_key_issues_in_no_other_name() -> None:
    with pytest.raises(Forged, match=f"'fire-2026' may not sign for the issuer '{MARKET}'") as why:
        verify(issued(licence(), OTHER, SECRET), BOTH, NOW)
    assert why.value.zh == f"密钥“fire-2026”无权以“{MARKET}”的名义签发"
    own = msgspec.structs.replace(licence(), issuer=FIRE)
    assert verify(issued(own, OTHER, SECRET), BOTH, NOW).issuer == FIRE


def test_a_trusted_key_without_an_issuer_speaks_for_nobody() -> None:
    with pytest.raises(Forged, match="may not sign"):
        verify(issued(licence(), ED, SECRET), Trust({"market-2026": ED.public}, {}), NOW)


def test_a_department_s_key_revokes_and_restores_no_other_s_licence() -> None:
    statuses = StatusList(LIST)
    statuses.set(5, Status.VALID)
    with pytest.raises(Forged, match=f"'fire-2026' may not sign for the issuer '{MARKET}'"):
        verify(WHOLE, BOTH, NOW, {LIST: statuses.token(OTHER, NOW)})


@pytest.mark.parametrize("index", [8, 1 << 22, 1 << 70])
def test_a_licence_outside_its_status_list_is_not_taken_as_valid(index: int) -> None:
    statuses = StatusList(LIST)
    statuses.set(7, Status.VALID)  # two bytes: places 0 to 7
    outside = issued(msgspec.structs.replace(licence(), index=index), ED, SECRET)
    with pytest.raises(Forged, match=f"no place {index}: .* unknown") as why:
        verify(outside, BOTH, NOW, {LIST: statuses.token(ED, NOW)})
    assert "不能视为有效" in why.value.zh
    with pytest.raises(Forged, match="unknown"):
        statuses.get(index)


WHOLE = issued(licence(), ED, SECRET)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.characters(codec="ascii"))
def test_whatever_is_changed_in_a_licence_it_does_not_hold(at: int, other: str) -> None:
    changed = WHOLE[:at] + other + WHOLE[at + 1 :]
    try:
        shown = verify(changed, BOTH, NOW)
    except Forged:
        return
    assert shown.claims.items() <= licence().claims.items(), "only what was signed is shown"


def test_another_library_reads_our_licence() -> None:
    raw = unb64(ED.public.key)
    key = JWK(kty="OKP", crv="Ed25519", x=base64.urlsafe_b64encode(raw).rstrip(b"=").decode())
    other = SDJWTVerifier(kept_back(WHOLE, {"name", "foods"}), lambda _issuer, _head: key)
    payload = other.get_verified_payload()
    assert payload["name"] == "三坊鱼丸"
    assert payload["foods"] == ["hot"]
    assert "operator" not in payload


def test_our_signature_is_the_standard_s() -> None:
    head, body, signature = WHOLE.split("~")[0].split(".")
    key = Ed25519PublicKey.from_public_bytes(unb64(ED.public.key))
    key.verify(unb64(signature), f"{head}.{body}".encode())


def test_an_sm2_signature_of_the_standard_example_is_verified() -> None:
    """GM/T 0003.5 annex A: message digest, r and s over the default identity."""
    r = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    s = "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
    assert verified(SM.public, b"message digest", bytes.fromhex(r + s))
    assert not verified(SM.public, b"message digests", bytes.fromhex(r + s))


def test_an_ofd_file_is_read_back_by_another_reader() -> None:
    one = licence()
    lines = [("名称", one.claims["name"]), ("地址", one.claims["address"])]
    body = ofd.written(one.number, one.title, lines, issuer="市场监管局", issued=NOW,
                       attached={"licence.jwt": WHOLE.encode()})  # fmt: skip
    text = read_by_another(body)
    for part in ("食品经营许可证", "三坊鱼丸", "南后街8号", one.number, "2026年03月02日"):
        assert part in text
    again = ofd.written(one.number, one.title, lines, issuer="市场监管局", issued=NOW,
                        attached={"licence.jwt": WHOLE.encode()})  # fmt: skip
    assert again == body, "the same licence is the same file"


def read_by_another(body: bytes) -> str:
    document = ofdkit.open(io.BytesIO(body))
    return str(document.text())


def test_a_token_nested_without_end_is_refused_in_words() -> None:
    deep = b64(b"[" * 200_000)
    with pytest.raises(Forged, match="JSON"):
        verify(f"{deep}.{deep}.{deep}~", BOTH, NOW)
    token = issued(licence(), ED, SECRET).split("~")[0]
    with pytest.raises(Forged, match="disclosure"):
        verify(f"{token}~{deep}~", BOTH, NOW)
