"""Polling Modbus TCP: registers become readings, neighbours are asked for together."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mindu.edge.field.hand import handed
from mindu.edge.porch import Porch
from mindu.edge.settings import Modbus, Register
from mindu.perceive.said import Said

WORDS = {"int16": 1, "uint16": 1, "int32": 2, "uint32": 2, "float32": 2, "float64": 4, "bit": 1}
READS = {
    "holding": "read_holding_registers", "input": "read_input_registers", "coil": "read_coils",
    "discrete": "read_discrete_inputs",
}  # fmt: skip
MOST = 120  # registers in one request; the standard allows 125


class FromModbus:
    """One unit."""

    def __init__(self, porch: Porch, told: Modbus, clock: Callable[[], int]) -> None:
        """Poll this unit.

        Raises:
            ValueError: a form or table is not known.
        """
        for it in told.registers:
            if it.form not in WORDS or it.table not in READS:
                raise ValueError(
                    f"{it.device}/{it.prop}: form is one of {', '.join(WORDS)}, "
                    f"table one of {', '.join(READS)}"
                )
        self._porch, self._told, self._clock = porch, told, clock
        self._blocks = blocks(told.registers)
        self.about, self.trouble = f"modbus {told.host}:{told.port}", ""

    async def run(self) -> None:
        """Poll until cancelled; a unit that is away is tried again at the next turn."""
        from pymodbus.client import AsyncModbusTcpClient  # noqa: PLC0415 - only pollers load it

        client = AsyncModbusTcpClient(self._told.host, port=self._told.port)
        try:
            while True:
                if client.connected or await client.connect():
                    await self.poll(client)
                else:
                    self.trouble = f"{self._told.host}:{self._told.port} does not answer"
                await asyncio.sleep(self._told.every)
        finally:
            client.close()

    async def poll(self, client: Any) -> None:  # noqa: ANN401 - pymodbus's client
        """Read every block once and hand the values over with the time of the answer."""
        names: list[Register] = []
        values: list[float] = []
        times: list[int] = []
        trouble = ""
        for block in self._blocks:
            first, last = block[0], block[-1]
            count = last.address + WORDS[last.form] - first.address
            ask = getattr(client, READS[first.table])
            got = await ask(first.address, count=count, device_id=self._told.unit)
            if got.isError():
                trouble = f"{first.device}: {got}"
                continue
            words = got.bits if first.table in {"coil", "discrete"} else got.registers
            for it in block:
                names.append(it)
                values.append(
                    value(it, words[it.address - first.address :]) * it.factor + it.offset
                )
                times.append(self._clock())
        self.trouble = trouble
        if names:
            said = Said(
                device=[it.device for it in names], prop=[it.prop for it in names],
                at=np.array(times, np.int64), value=np.array(values, np.float64),
            )  # fmt: skip
            await handed(self._porch, f"modbus:{self._told.host}", said)


def blocks(registers: Sequence[Register]) -> list[list[Register]]:
    """Return registers in runs that one request may read."""
    found: list[list[Register]] = []
    for it in sorted(registers, key=lambda r: (r.table, r.address)):
        held = found[-1] if found else []
        end = it.address + WORDS[it.form]
        near = held and held[0].table == it.table and end - held[0].address <= MOST
        if near and it.address - held[-1].address <= 16:
            held.append(it)
        else:
            found.append([it])
    return found


def value(register: Register, words: Sequence[int]) -> float:
    """Return the number in 16-bit words, the high word first unless told otherwise."""
    if register.form == "bit":
        return float(words[0])
    mine = list(words[: WORDS[register.form]])
    mine = mine[::-1] if register.low_word_first else mine
    kind = {"int": "i", "uin": "u", "flo": "f"}[register.form[:3]]
    raw = np.array(mine, ">u2").tobytes()
    return float(np.frombuffer(raw, f">{kind}{len(raw)}")[0])
