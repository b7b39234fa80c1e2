"""A small authority of our own: X.509 certificates for devices and for this node's doors.

A certificate names its device and the epoch of the device's keys in one URI, so raising the epoch
voids both, and no list of the revoked has to be carried about. Private keys of devices stay there.
"""

import ipaddress
import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mindu.data.senses.registry import Registry
from mindu.edge.shown import URI

OF_AUTHORITY, OF_NODE = 3650, 397  # days that certificates hold
LONGEST = 825  # days that a device's certificate may hold
SMALLEST = 2048  # bits of an RSA key
_Public = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey
EARLIER = timedelta(minutes=5)  # clocks of devices run behind


class Authority:
    """The authority of one folder."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        """Know the folder; the authority is made when it is first needed."""
        self._folder, self._registry = folder, registry

    def root(self, now: int) -> bytes:
        """Return the authority's own certificate in PEM, made when there is none."""
        path = self._folder / "authority.pem"
        if not path.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mindu authority")])
            built = _begun(name, name, key.public_key(), now, OF_AUTHORITY)
            built = built.add_extension(
                x509.BasicConstraints(ca=True, path_length=0), critical=True
            )
            built = built.add_extension(_usage(signs=True), critical=True)
            made = built.sign(key, hashes.SHA256())
            _write(self._folder / "authority.key", _private(key))
            _write(path, made.public_bytes(Encoding.PEM))
        return path.read_bytes()

    def device(self, name: str, request: bytes, now: int, *, days: int = 365) -> bytes:
        """Return a certificate in PEM for a device, by the signing request that it made.

        Raises:
            KeyError: there is no such device.
            ValueError: the request is none, is not signed by its own key, or holds too long.
        """
        row = self._registry.numbers.get(name)
        if row is None:
            raise KeyError(f"no device is called {name!r}")
        if not 1 <= days <= LONGEST:
            raise ValueError(f"a certificate holds 1 to {LONGEST} days")
        key = _asked(request)
        epoch = int(self._registry.devices["epoch"][row])
        uri = x509.UniformResourceIdentifier(f"{URI}{quote(name, safe='')}:{epoch}")
        return self._issued((_named(name), [uri]), key, now, days)

    def node(self, names: tuple[str, ...], now: int) -> Path:
        """Return the file with this node's own key and certificate, made for these host names."""
        path = self._folder / "node.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        hosts = [_host(name) for name in names]
        told = self._issued((_named(names[0]), hosts), key.public_key(), now, OF_NODE, client=False)
        _write(path, _private(key) + told + self.root(now))
        return path

    def _issued(
        self, who: tuple[x509.Name, list[x509.GeneralName]], key: _Public, now: int, days: int,
        *, client: bool = True,
    ) -> bytes:  # fmt: skip
        name, names = who
        root = x509.load_pem_x509_certificate(self.root(now))
        signer = load_pem_private_key((self._folder / "authority.key").read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        use = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        built = (
            _begun(name, root.subject, key, now, days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
        )
        return built.sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM)

    def door(self, names: tuple[str, ...], now: int) -> ssl.SSLContext:
        """Return what a door speaks TLS by: a device may show its certificate, or use a key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.node(names, now))
        context.load_verify_locations(cadata=self.root(now).decode())
        context.verify_mode = ssl.CERT_OPTIONAL
        return context


def _asked(request: bytes) -> _Public:
    """Return the key that a signing request asks a certificate for."""
    told = x509.load_pem_x509_csr(request)
    key = told.public_key()
    if not told.is_signature_valid:
        raise ValueError("the request is not signed by its own key")
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        return key
    raise ValueError(f"use an elliptic key, or RSA of {SMALLEST} bits or more")


def _begun(
    name: x509.Name, by: x509.Name, key: _Public, now: int, days: int
) -> x509.CertificateBuilder:
    at = datetime.fromtimestamp(now / 1000, UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - EARLIER)
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs, crl_sign=signs,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
