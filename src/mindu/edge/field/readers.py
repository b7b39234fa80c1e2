"""What reads from elsewhere by a node's settings, each loading its library only when named."""

from collections.abc import Callable
from typing import Protocol

from mindu.edge.clock import Clock
from mindu.edge.commands.post import Post
from mindu.edge.porch import Porch
from mindu.edge.settings import Settings


class Reader(Protocol):
    """Reads until cancelled. `about`: what it reads; `trouble`: why it cannot, empty if it can."""

    about: str
    trouble: str

    async def run(self) -> None:
        """Read."""
        ...


def readers(told: Settings, porch: Porch, post: Post, clock: Clock) -> list[Reader]:
    """Return the readers that the settings name."""
    found: list[Reader] = []
    if told.brokers:
        from mindu.edge.mqtt.broker import FromBroker  # noqa: PLC0415

        found += [FromBroker(porch, it, post) for it in told.brokers]
    if told.nats:
        from mindu.edge.field.jetstream import FromStream  # noqa: PLC0415

        found += [FromStream(porch, it) for it in told.nats]
    if told.drops:
        from mindu.edge.field.drop import FromFolder  # noqa: PLC0415

        found += [FromFolder(porch, it) for it in told.drops]
    return [*found, *_polled(told, porch, clock), *_above(told, post, clock)]


def _polled(told: Settings, porch: Porch, clock: Callable[[], int]) -> list[Reader]:
    found: list[Reader] = []
    if told.modbus:
        from mindu.edge.field.modbus import FromModbus  # noqa: PLC0415

        found += [FromModbus(porch, it, clock) for it in told.modbus]
    if told.opcua:
        from mindu.edge.field.opcua import FromOpcUa  # noqa: PLC0415

        found += [FromOpcUa(porch, it) for it in told.opcua]
    return found


def _above(told: Settings, post: Post, clock: Clock) -> list[Reader]:
    """Return the line to the node above: what goes up, and what is fetched."""
    if told.upstream is None:
        return []
    from mindu.edge.above.fetching import Fetching  # noqa: PLC0415
    from mindu.edge.above.upstream import Upstream  # noqa: PLC0415

    line = Upstream(post.senses, told.upstream, clock, told.name)
    return [line, Fetching(line, post, clock)]
