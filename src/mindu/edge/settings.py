"""The settings of a node: one TOML file that says which doors are open and what is read."""

import ssl

import msgspec

from mindu.edge.loops.declared import Loop
from mindu.perceive.declare import Keep


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part: a word that is not known is an error."""


class Tls(Part, frozen=True, kw_only=True):
    """How a line is kept secret, by files in PEM.

    `authority`: who vouches for the other side (else those that the machine trusts).
    `certificate`, `private`: ours and its key, where the other side asks for one.
    """

    authority: str = ""
    certificate: str = ""
    private: str = ""

    def context(self) -> ssl.SSLContext:
        """Return what a client needs; the other side's name and certificate are checked.

        Raises:
            ValueError: a file cannot be read.
        """
        try:
            found = ssl.create_default_context(cafile=self.authority or None)
            if self.certificate:
                found.load_cert_chain(self.certificate, self.private or None)
        except OSError as wrong:
            raise ValueError(f"a certificate or key cannot be read: {wrong}") from wrong
        return found


class Http(Part, frozen=True, kw_only=True):
    """Our HTTP door. Port 0 takes a free one. `tls`: host names of it; none is without TLS."""

    host: str = "127.0.0.1"
    port: int = 8024
    tls: tuple[str, ...] = ()


class Mqtt(Part, frozen=True, kw_only=True):
    """Our own MQTT listener. `tls`: host names of it; none is without TLS."""

    host: str = "127.0.0.1"
    port: int = 1884
    tls: tuple[str, ...] = ()


class Broker(Part, frozen=True, kw_only=True):
    """An MQTT broker to read from. `share`: name of a shared subscription, or none."""

    host: str
    port: int = 1883
    topics: tuple[str, ...] = ("#",)
    client: str = "mindu"
    share: str = ""
    user: str = ""
    password_env: str = ""  # the environment variable that holds the password
    window: int = 200  # messages in flight
    tls: Tls | None = None
    commands: str = ""  # topic with {device} that commands go down on; none: none go
    receipts: str = ""  # topic with {device} on which devices say what came of them
    groups: tuple[str, ...] = ()  # whose commands go down here; none: all

    def __post_init__(self) -> None:
        """Refuse topics that name no device."""
        if self.commands and (self.commands.count("{device}") != 1
                              or self.receipts.count("{device}") != 1):  # fmt: skip
            raise ValueError("`commands` and `receipts` are topics with {device} in each, once")


class Nats(Part, frozen=True, kw_only=True):
    """A JetStream stream to read from."""

    url: str = "nats://127.0.0.1:4222"
    stream: str
    subjects: tuple[str, ...] = ("readings.>",)
    durable: str = "mindu"
    batch: int = 500
    user: str = ""
    password_env: str = ""  # the environment variable that holds the password
    tls: Tls | None = None


class Drop(Part, frozen=True, kw_only=True):
    """A folder that files are dropped into: CSV, JSON, NDJSON, Arrow."""

    folder: str
    every: float = 5.0  # s between looks


class Register(Part, frozen=True, kw_only=True):
    """One value behind Modbus. `form`: (u)int16, (u)int32, float32, float64 or bit."""

    device: str
    prop: str
    address: int
    table: str = "holding"  # holding, input, coil, discrete
    form: str = "uint16"
    factor: float = 1.0
    offset: float = 0.0
    low_word_first: bool = False


class Modbus(Part, frozen=True, kw_only=True):
    """One Modbus TCP unit that is polled."""

    host: str
    port: int = 502
    unit: int = 1
    every: float = 5.0  # s between polls
    registers: tuple[Register, ...]


class Node(Part, frozen=True, kw_only=True):
    """One value behind OPC UA."""

    node: str  # e.g. ns=2;s=Level
    device: str
    prop: str


class OpcUa(Part, frozen=True, kw_only=True):
    """One OPC UA server that is polled."""

    url: str
    every: float = 5.0  # s between polls
    nodes: tuple[Node, ...]


class Upstream(Part, frozen=True, kw_only=True):
    """Where an edge node hands its readings over, and fetches commands: another's HTTP door."""

    url: str
    key_env: str = "MINDU_KEY"  # the environment variable that holds the key
    batch: int = 2000  # readings a request
    every: float = 5.0  # s between tries
    cap: float = 300.0  # s, longest wait after a failure
    wait: float = 5.0  # s that upstream may wait for a command before it answers, at most 60


class Context(Part, frozen=True, kw_only=True):
    """A JSON-LD context that is kept under an address; nothing is ever fetched."""

    url: str
    file: str


class NgsiLd(Part, frozen=True, kw_only=True):
    """The NGSI-LD door. `notify`: hosts, or host:port, that subscriptions may be told at."""

    notify: tuple[str, ...] = ()
    contexts: tuple[Context, ...] = ()


class Settings(Part, frozen=True, kw_only=True):
    """Everything that a node is told."""

    name: str = "node"
    http: Http | None = None
    mqtt: Mqtt | None = None
    brokers: tuple[Broker, ...] = ()
    nats: tuple[Nats, ...] = ()
    drops: tuple[Drop, ...] = ()
    modbus: tuple[Modbus, ...] = ()
    opcua: tuple[OpcUa, ...] = ()
    upstream: Upstream | None = None
    loops: tuple[Loop, ...] = ()  # by readings of this node
    ngsild: NgsiLd = NgsiLd()
    keep_days: int = 0  # days that readings of kinds without a rule are kept; 0 is for ever

    @property
    def keep(self) -> Keep:
        """How long readings are kept of kinds that declare nothing."""
        return Keep(hand=self.keep_days or None)
