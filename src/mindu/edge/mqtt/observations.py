"""SensorThings over MQTT: Observations are published to a Datastream, and listened to.

`v1.1/Datastreams(5)/Observations` takes `{"result", "phenomenonTime"}` and tells who listens of
every new Observation, by whichever door it came (OGC 18-088, clause 14).
"""

import asyncio
import re
from typing import Any

import msgspec

from mindu.data.senses.beside.words import told_as
from mindu.data.senses.frame import Frame
from mindu.data.senses.senses import Senses
from mindu.edge.keys import Caller
from mindu.edge.mqtt.lines import Pipe
from mindu.edge.sensorthings.names import fits, observed

TOPIC = re.compile(r"v1\.1/Datastreams\((\d{1,9})\)/Observations")
ALL = "v1.1/Observations"
MOST = 1000  # Datastreams that one client listens to
AT_ONCE = 1000  # Observations that one frame tells a client of; the newest
_SEEN = msgspec.json.Decoder(dict[str, Any])


class Observations:
    """Who listens to which Datastream, for use on one event loop."""

    def __init__(self, senses: Senses) -> None:
        """Listen to this store."""
        self._senses = senses
        self._listening: dict[int, dict[Pipe, str]] = {}  # series -> line -> topic
        self._number = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        senses.intake.heard.append(self._heard)

    def subscribe(self, pipe: Pipe, caller: Caller, topic: str) -> bool:
        """Let a client listen to a Datastream; say whether it may."""
        found = TOPIC.fullmatch(topic)
        series = int(found[1]) - 1 if found else -1
        if not caller.reads or not 0 <= series < len(self._senses.registry.series):
            return False
        if sum(pipe in lines for lines in self._listening.values()) >= MOST:
            return False
        self._loop = asyncio.get_running_loop()
        self._listening.setdefault(series, {})[pipe] = topic
        return True

    def drop(self, pipe: Pipe) -> None:
        """Forget a client that is gone."""
        for series in [s for s, lines in self._listening.items() if lines.pop(pipe, None)]:
            if not self._listening[series]:
                del self._listening[series]

    def _heard(self, frame: Frame) -> None:
        """Take note of a frame, in the thread that took it in."""
        if self._listening and self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell, frame)

    def _tell(self, frame: Frame) -> None:
        rows = [i for i, s in enumerate(frame.series.tolist()) if s in self._listening]
        for i in rows[-AT_ONCE:]:
            series = int(frame.series[i])
            result = told_as(self._senses, series, float(frame.value[i]))
            told = observed(series, int(frame.at[i]), result, int(frame.quality[i]))
            body = msgspec.json.encode(told)
            for pipe, topic in list(self._listening.get(series, {}).items()):
                self._number = self._number % 0x7FFF + 1
                pipe.publish(topic, body, 0x8000 + self._number)

    def as_readings(self, told: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Return messages with Observations turned into readings; the others as they are."""
        return [self._reading(*it) if it[0].startswith("v1.1/") else it for it in told]

    def _reading(self, topic: str, payload: bytes) -> tuple[str, bytes]:
        try:
            seen = _SEEN.decode(payload)
            found = TOPIC.fullmatch(topic)
            stream = seen.get("Datastream") or {}
            series = int(found[1] if found else stream["@iot.id"]) - 1
            if (found is None and topic != ALL) or not 0 <= series < len(
                self._senses.registry.series
            ):
                return "readings", b"no such Datastream"  # counted as malformed
            registry = self._senses.registry
            if not fits(registry.prop(series).form, seen["result"]):
                return "readings", b"no result of that Datastream"
            row = {"device": registry.owner(series), "prop": registry.prop(series).name,
                   "value": seen["result"], "at": seen.get("phenomenonTime")}  # fmt: skip
            return "readings", msgspec.json.encode([row])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError, ValueError,
                TypeError, AttributeError):  # fmt: skip
            return "readings", b"no Observation"
