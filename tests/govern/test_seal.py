"""Digests and signatures agree with the standards' own examples and with OpenSSL."""

import subprocess
from pathlib import Path

import pytest

from mindu.base.seal import SUITES, holds, signer, sm3

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
ABCD_16 = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
# RFC 8032, section 7.1, test 2
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNED = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def openssl(*words: object, given: bytes = b"") -> bytes:
    done = subprocess.run(
        ["/usr/bin/env", "openssl", *map(str, words)], input=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_sm3_gives_the_two_examples_of_its_standard() -> None:
    assert sm3(b"abc").hex() == ABC
    assert sm3(b"abcd" * 16).hex() == ABCD_16


def test_ed25519_gives_the_example_of_rfc_8032() -> None:
    key = signer("sha256-ed25519", SECRET)
    assert key.public == PUBLIC
    assert key.sign(b"\x72") == SIGNED


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
def test_both_digests_agree_with_openssl(digest: str) -> None:
    suite = next(s for s in SUITES.values() if s.name.startswith(digest))
    told = openssl("dgst", f"-{digest}", "-r", given="闽都".encode())
    assert suite.digest("闽都".encode()).hex() == told.decode().split()[0]


@pytest.mark.parametrize("suite", list(SUITES))
def test_a_signature_holds_for_its_words_and_key_alone(suite: str) -> None:
    made = SUITES[suite]
    one, other = signer(suite, made.secret()), signer(suite, made.secret())
    sig = one.sign(b"told")
    assert holds(suite, one.public, b"told", sig)
    assert not holds(suite, one.public, b"tolD", sig)
    assert not holds(suite, other.public, b"told", sig)
    assert not holds(suite, one.public, b"told", sig[:-1])
    assert not holds(suite, b"", b"told", sig)
    assert not holds("rot13", one.public, b"told", sig)


def test_sm2_takes_the_signature_that_its_standard_prints() -> None:
    public = bytes.fromhex(
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    )
    der = bytes.fromhex(  # r and s of GM/T 0003.5, A.2
        "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )
    assert holds("sm3-sm2", public, b"message digest", der)
    assert not holds("sm3-sm2", public, b"message digesT", der)


def test_openssl_takes_our_sm2_signature_and_we_take_its(tmp_path: Path) -> None:
    key = signer("sm3-sm2", SUITES["sm3-sm2"].secret())
    der = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + b"\x04"
    (tmp_path / "ours.der").write_bytes(der + key.public)
    (tmp_path / "told").write_bytes(b"told")
    (tmp_path / "sig").write_bytes(key.sign(b"told"))
    how = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
    said = openssl(
        "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", tmp_path / "ours.der",
        "-in", tmp_path / "told", "-sigfile", tmp_path / "sig", *how,
    )  # fmt: skip
    assert b"Successfully" in said
    openssl("genpkey", "-algorithm", "SM2", "-out", tmp_path / "key.pem")
    public = openssl("pkey", "-in", tmp_path / "key.pem", "-pubout", "-outform", "DER")[-64:]
    theirs = openssl(
        "pkeyutl", "-sign", "-inkey", tmp_path / "key.pem", "-in", tmp_path / "told", *how
    )
    assert holds("sm3-sm2", public, b"told", theirs)
    assert not holds("sm3-sm2", public, b"else", theirs)


def test_a_secret_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="96 bytes"):
        signer("sm3-sm2", b"short")
    mixed = SUITES["sm3-sm2"].secret()[:32] + SUITES["sm3-sm2"].secret()[32:]
    with pytest.raises(ValueError, match="no pair"):
        signer("sm3-sm2", mixed)
    with pytest.raises(ValueError, match="no suite 'md5'"):
        signer("md5", b"")
