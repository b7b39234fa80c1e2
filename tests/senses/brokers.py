"""Brokers that the tests talk to: those that run here, or else some of their own."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

WAIT = 60.0  # s for a broker to answer


def answers(port: int) -> bool:
    """Say whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
    except OSError:
        return False
    return True


def free() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def started(usual: int, name: str, arguments: tuple[str, ...]) -> int:
    """Return the port of a running broker, starting one if nobody listens on the usual port."""
    if answers(usual):
        return usual
    port = free()
    folder = Path(tempfile.mkdtemp(prefix="broker-"))
    (folder / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    begun(name, tuple(it.format(port=port, folder=folder) for it in arguments), port)
    return port


def begun(name: str, arguments: tuple[str, ...], port: int) -> None:
    """Start a broker, and wait until it listens."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    program = shutil.which(name, path=path)
    assert program, f"{name} is not installed: install it"
    broker = subprocess.Popen(
        [program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    atexit.register(broker.kill)
    end = monotonic() + WAIT
    while not answers(port):
        assert monotonic() < end, f"{name} does not answer on port {port}"


def mosquitto() -> int:
    """Return the port of a Mosquitto."""
    return started(1883, "mosquitto", ("-c", "{folder}/conf"))


def nats_server() -> int:
    """Return the port of a NATS server with JetStream."""
    arguments = ("-a", "127.0.0.1", "-p", "{port}", "-js", "-sd", "{folder}")
    return started(4222, "nats-server", arguments)


def papers(folder: Path) -> tuple[Path, Path, Path]:
    """Return (authority, certificate, key) for 127.0.0.1, made for one test."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("town", "broker")
    ]
    made = []
    for i in range(2):
        plan = (
            x509.CertificateBuilder()
            .subject_name(names[i])
            .issuer_name(names[0])
            .public_key(keys[i].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=not i, path_length=None), critical=True)
        )
        if i:
            here = x509.IPAddress(ip_address("127.0.0.1"))
            plan = plan.add_extension(x509.SubjectAlternativeName([here]), critical=False)
        made.append(plan.sign(keys[0], hashes.SHA256()))
    files = tuple(folder / name for name in ("authority.pem", "broker.pem", "broker.key"))
    for file, made_ in zip(files, made, strict=False):
        file.write_bytes(made_.public_bytes(serialization.Encoding.PEM))
    files[2].write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    for file in files:
        file.chmod(0o644)
    return files[0], files[1], files[2]


def secret(name: str, folder: Path) -> tuple[int, Path]:
    """Start a broker that speaks TLS only; return its port and the authority to trust."""
    folder.chmod(0o755)
    authority, certificate, key = papers(folder)
    port = free()
    (folder / "conf").write_text(
        f"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\n"
        f"certfile {certificate}\nkeyfile {key}\n"
        if name == "mosquitto"
        else f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{folder}" }}\n'
        f'tls {{ cert_file: "{certificate}"\n key_file: "{key}" }}\n'
    )
    begun(name, ("-c", str(folder / "conf")), port)
    return port, authority
