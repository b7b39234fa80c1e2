"""What goes upstream, in the order of the journal: readings as Arrow, what loops did as JSON."""

from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa

from mindu.data.senses import frame as frames
from mindu.data.senses.beside.commands import Order, State, Step
from mindu.data.senses.beside.down import UP
from mindu.data.senses.beside.folds import COMMANDS, LOOPS
from mindu.data.senses.beside.loops import BY, Judged, decode
from mindu.data.senses.beside.words import LOWEST, Words, texts
from mindu.data.senses.frame import Frame
from mindu.data.senses.journal import READINGS
from mindu.data.senses.registry import Registry
from mindu.data.senses.senses import Senses
from mindu.perceive.quality import Quality

LATE = np.uint8(255 - Quality.LATE)  # upstream decides itself what is late
Deed = Judged | Step
_COMMANDS = msgspec.msgpack.Decoder(list[Order | Step])


def upward(senses: Senses, kind: int, body: bytes) -> Iterator[Frame | Deed]:
    """Yield what of one frame of the journal goes upstream."""
    if kind == READINGS:
        yield frames.decode(body)
    elif kind == LOOPS:
        yield from (it for it in decode(body) if isinstance(it, Judged))
    elif kind == COMMANDS:
        for step in _COMMANDS.decode(body):
            if isinstance(step, Step) and _theirs(senses, step):
                yield step


def _theirs(senses: Senses, step: Step) -> bool:
    """Say whether upstream should hear of a step; what goes out again and again is told once."""
    held = senses.commands.given.get(step.key)
    if held is None or not held.order.by.startswith((BY, UP)):
        return False
    first = next((it for it in held.steps if it.state is State.SENT), step)
    return step.state is not State.SENT or step == first


def packed(frame: Frame, some: slice, registry: Registry, words: Words) -> bytes:
    """Return rows of a frame as an Arrow stream, in the declared units and datums.

    Words go as such: upstream has its own numbers for them.
    """
    series = frame.series[some]
    decls = [registry.decls[d] for d in registry.series["decl"][series].tolist()]
    ids = registry.ids
    columns = {
        "device": pa.array([ids[d] for d in registry.series["device"][series].tolist()]),
        "prop": pa.array([d.name for d in decls]),
        "at": pa.array(frame.at[some]),
        "value": pa.array(frame.value[some]),
        "unit": pa.array([d.unit for d in decls]),
        "datum": pa.array([d.datum for d in decls]),
        "quality": pa.array((frame.quality[some] & LATE).astype(np.int16)),
    }
    if frame.seq is not None:
        columns["seq"] = pa.array(frame.seq[some])
    told = texts(words, frame.value[some])
    if told:
        columns["word"] = pa.array([told.get(row) for row in range(len(series))], pa.string())
        values = np.where(frame.value[some] > LOWEST, frame.value[some], np.nan)
        columns["value"] = pa.array(values)
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    body: bytes = sink.getvalue().to_pybytes()
    return body
