"""Doors to the field, held against servers and clients that we did not write."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
from asyncua.server.server import Server as OpcServer
from brokers import nats_server, secret
from open_doors import clock, node, until
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from town import FIVE, held

from mindu.edge.field.modbus import blocks, value
from mindu.edge.file import read
from mindu.edge.settings import (
    Drop,
    Http,
    Modbus,
    Nats,
    Node,
    OpcUa,
    Register,
    Settings,
    Tls,
)

NATS = f"nats://127.0.0.1:{nats_server()}"


def test_a_dropped_file_is_stored_once_and_moved_away(tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    at = clock() - FIVE
    rows = "".join(f"g0,level,{at + i},{3 + i / 100}\n" for i in range(10))
    (folder / "a.csv").write_text("device,prop,at,value\n" + rows)
    (folder / "b.ndjson").write_text('{"device":"g1","prop":"level","value":3}\n{broken\n')
    (folder / "c.json").write_text("no json at all")
    (folder / "d.csv.part").write_text("still being written")
    told = Settings(drops=(Drop(folder=str(folder), every=0.05),))
    with node(tmp_path, told) as city:
        until((folder / "refused" / "c.json").exists, "all files taken")
        assert sorted(p.name for p in (folder / "done").glob("*[!t].*s*")) != []
        total = city.senses.total()
        assert (total.stored, total.refused) == (11, {"malformed": 2})
        (folder / "a.csv").write_text("device,prop,at,value\n" + rows)
        until(lambda: city.senses.total().duplicate == 10, "the same file again")
    receipt = json.loads((folder / "done" / "b.ndjson.receipt.json").read_bytes())
    assert receipt[0]["received"] == 2
    assert (folder / "d.csv.part").exists()


def test_a_door_that_broke_is_opened_anew(tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    told = Settings(drops=(Drop(folder=str(folder), every=0.05),))
    with node(tmp_path, told) as city:
        city.doors.quiet = 0.05
        until((folder / "refused").is_dir, "the folder")
        folder.rename(tmp_path / "unmounted")
        until(lambda: "FileNotFoundError" in "".join(city.doors.troubles), "the trouble")
        until((folder / "refused").is_dir, "the folder anew")
        (folder / "a.csv").write_text("device,prop,value\ng0,level,3\n")
        until(lambda: city.senses.total().stored == 1, "the file")


def test_a_stream_is_read_on_from_where_it_was_left(tmp_path: Path) -> None:
    name = f"mindu-{clock()}"
    told = Settings(nats=(Nats(url=NATS, stream=name, subjects=(f"{name}.>",), durable=name),))
    start = clock() - 10_000

    async def publish(first: int, last: int) -> None:
        line = await nats.connect(NATS)
        for i in range(first, last):
            body = json.dumps({"value": 3 + i / 10, "at": start + i})
            await line.jetstream().publish(f"{name}.g0.level", body.encode())
        await line.close()

    async def remove() -> None:
        line = await nats.connect(NATS)
        await line.jetstream().delete_stream(name)
        await line.close()

    try:
        with node(tmp_path, told) as city:
            until(city.doors.readers[0].ready.is_set, "the consumer")
            asyncio.run(publish(0, 3))
            until(lambda: city.senses.total().stored == 3, "three readings")
        asyncio.run(publish(3, 6))
        with node(tmp_path, told) as city:
            until(lambda: city.senses.total().stored == 6, "what came meanwhile")
            assert held(city.senses, "g0").value.tolist() == [3.0, 3.1, 3.2, 3.3, 3.4, 3.5]
    finally:
        asyncio.run(remove())


def test_a_stream_is_read_over_tls_once_its_certificate_is_vouched_for(tmp_path: Path) -> None:
    port, authority = secret("nats-server", tmp_path)
    url = f"tls://127.0.0.1:{port}"
    tls = Tls(authority=str(authority))

    async def publish() -> None:
        line = await nats.connect(url, tls=tls.context())
        await line.jetstream().publish("secret.g0.level", b"3.25")
        await line.close()

    stream = Nats(url=url, stream="secret", subjects=("secret.>",), tls=tls)
    with node(tmp_path, Settings(nats=(stream,))) as city:
        until(city.doors.readers[0].ready.is_set, "the consumer")
        asyncio.run(publish())
        until(lambda: city.senses.total().stored == 1, "the reading")
    with pytest.raises(ValueError, match="cannot be read"):
        Tls(authority=str(tmp_path / "nothing")).context()


@contextmanager
def serving(
    start: Callable[[], Awaitable[Any]], stop: Callable[[Any], Coroutine[Any, Any, None]]
) -> Iterator[Any]:
    """Run a server of another's making on a loop of its own; yield what `start` returns."""
    loop, ready, found = asyncio.new_event_loop(), threading.Event(), list[Any]()

    async def begin() -> None:
        found.append(await start())
        ready.set()

    def run() -> None:
        loop.create_task(begin())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(300), "the other side did not start"
    try:
        yield found[0]
    finally:
        asyncio.run_coroutine_threadsafe(stop(found[0]), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


def free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_modbus_registers_become_readings(tmp_path: Path) -> None:
    port = free_port()
    words = [312, 65535, 16457, 4059, 1]  # 3.12 m; a float32 3.1416 in two words

    async def start() -> ModbusTcpServer:
        data = SimData(address=0, values=words, datatype=DataType.REGISTERS)
        server = ModbusTcpServer(SimDevice(1, simdata=data), address=("127.0.0.1", port))
        await server.serve_forever(background=True)
        return server

    async def stop(server: ModbusTcpServer) -> None:
        await server.shutdown()  # type: ignore[no-untyped-call]

    registers = (
        Register(device="g0", prop="level", address=0, factor=0.01),
        Register(device="g1", prop="level", address=2, form="float32"),
    )
    told = Modbus(host="127.0.0.1", port=port, every=0.05, registers=registers)
    with serving(start, stop), node(tmp_path, Settings(modbus=(told,))) as city:
        until(lambda: city.senses.total().stored >= 4, "two polls")
        assert held(city.senses, "g0").value[0] == pytest.approx(3.12)
        assert held(city.senses, "g1").value[0] == pytest.approx(3.14159, abs=1e-5)


def test_words_are_read_in_either_order_and_neighbours_together() -> None:
    it = Register(device="d", prop="p", address=0, form="int32")
    swapped = Register(device="d", prop="p", address=0, form="int32", low_word_first=True)
    assert value(it, [0xFFFF, 0xFFFE]) == -2
    assert value(swapped, [0xFFFE, 0xFFFF]) == -2
    many = [Register(device="d", prop=str(i), address=i) for i in (0, 1, 5, 200, 201)]
    assert [len(block) for block in blocks(many)] == [3, 2]


def test_opc_ua_values_come_with_their_own_time(tmp_path: Path) -> None:
    port = free_port()
    url = f"opc.tcp://127.0.0.1:{port}"

    async def start() -> OpcServer:
        server = OpcServer()
        await server.init()
        server.set_endpoint(url)
        space = await server.register_namespace("city")
        thing = await server.nodes.objects.add_object(space, "gauge")
        await thing.add_variable(f"ns={space};s=level", "level", 3.25)
        await server.start()
        return server

    async def stop(server: OpcServer) -> None:
        await server.stop()

    told = OpcUa(url=url, every=0.05, nodes=(Node(node="ns=2;s=level", device="g0", prop="level"),))
    with serving(start, stop), node(tmp_path, Settings(opcua=(told,))) as city:
        until(lambda: city.senses.total().received >= 3, "three polls")
        assert held(city.senses, "g0").value.tolist() == [3.25]
        total = city.senses.total()
        assert total.duplicate == total.received - 1, "the same value at the same time is one"


def test_settings_say_where_they_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text('name = "n"\n[http]\nport = 0\n[[drops]]\nfolder = "in"\n')
    assert read(path) == Settings(name="n", http=Http(port=0), drops=(Drop(folder="in"),))
    path.write_text("[http]\nprot = 1\n")
    with pytest.raises(ValueError, match=r"node\.toml.*prot"):
        read(path)
