"""Commands down: each goes its way once, by consent, over HTTP and MQTT, also through a kill."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import paho.mqtt.client as paho
import pytest
from dying_post import GATE
from killing import until_killed
from open_doors import Node, node, until
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from town import T0, town

from mindu.base.records import Action, Words
from mindu.brain.world import Refused
from mindu.data.senses.beside.commands import AGAIN, WAITING, State, encode
from mindu.data.senses.beside.folds import COMMANDS
from mindu.edge.commands.hand import ByCommand
from mindu.edge.keys import Sender

WRITER = Path(__file__).with_name("dying_post.py")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("commands")) as found:
        found.senses.declare(GATE)
        yield found


def ask(city: Node, key: str, path: str, body: object = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    return city.asked(path, data, Authorization=f"Bearer {key}")


def orders(city: Node, name: str, groups: tuple[str, ...] | None = None) -> str:
    return city.doors.keys.grant(name, Sender(orders=True, groups=groups))


def opening(key: str, share: float = 0.5) -> dict[str, Any]:
    return {"key": key, "command": "open", "args": {"share": share}}


def test_a_command_is_given_fetched_and_reported_each_step_kept(city: Node) -> None:
    officer, device = orders(city, "officer"), city.doors.keys.device("g0")
    status, told = ask(city, officer, "/v1/commands/g0", opening("a1"))
    assert (status, told["state"]) == (200, "queued")
    assert ask(city, officer, "/v1/commands/g0", opening("a1"))[1] == told, "the key is known again"
    assert ask(city, officer, "/v1/commands/g0", opening("a1", 0.7))[0] == 409
    (fetched,) = ask(city, device, "/v1/commands?device=g0")[1]["commands"]
    assert (fetched["key"], fetched["args"]) == ("a1", {"share": 0.5})
    assert ask(city, device, "/v1/commands?device=g0")[1]["commands"] == [], "it goes out once"
    assert ask(city, device, "/v1/command/a1", {"state": "acknowledged"})[0] == 200
    assert ask(city, device, "/v1/command/a1", {"state": "done", "note": "50 %"})[0] == 200
    assert ask(city, device, "/v1/command/a1", {"state": "failed"})[0] == 409
    steps = ask(city, officer, "/v1/command/a1")[1]["steps"]
    assert [s["state"] for s in steps] == [
        "queued", "sent", "acknowledged", "done",
    ]  # fmt: skip


def test_what_waits_for_consent_goes_out_by_the_yes_of_another(city: Node) -> None:
    first, second = orders(city, "first"), orders(city, "second")
    device = city.doors.keys.device("g1")
    told = ask(city, first, "/v1/commands/g1", {"key": "b1", "command": "close"})[1]
    assert told["state"] == "asked"
    assert ask(city, device, "/v1/commands?device=g1")[1]["commands"] == []
    assert ask(city, first, "/v1/command/b1/yes", {})[0] == 409
    assert ask(city, second, "/v1/command/b1/yes", {})[1]["state"] == "queued"
    (fetched,) = ask(city, device, "/v1/commands?device=g1&wait=30")[1]["commands"]
    assert fetched["key"] == "b1"
    ask(city, first, "/v1/commands/g1", {"key": "b2", "command": "close"})
    assert ask(city, first, "/v1/command/b2/no", {})[1]["state"] == "refused"


def test_who_may_not_is_refused(city: Node) -> None:
    device, officer = city.doors.keys.device("g1"), orders(city, "north", ("district-0",))
    assert ask(city, device, "/v1/commands/g1", opening("c1"))[0] == 403
    assert ask(city, officer, "/v1/commands/g1", opening("c1"))[0] == 403
    assert ask(city, device, "/v1/commands?device=g0")[0] == 403
    assert ask(city, orders(city, "x"), "/v1/commands/nobody", opening("c1"))[0] == 404
    for wrong in (opening("c2", 7), {"key": "c3", "command": "fly"}, {"key": "", "command": "open"},
                  {"key": "c4", "command": "open", "args": {"share": "x"}}):  # fmt: skip
        assert ask(city, officer, "/v1/commands/g0", wrong)[0] in {404, 409}


@pytest.mark.parametrize("version", [paho.MQTTv311, paho.MQTTv5])
def test_a_device_on_mqtt_is_told_and_tells(city: Node, version: int) -> None:
    name, officer = f"g{version - 2}", orders(city, "officer")
    heard: list[dict[str, Any]] = []
    codes: list[Any] = []
    made = paho.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion(version))
    made.username_pw_set("any", city.doors.keys.device(name))
    made.on_connect = lambda c, *_: c.subscribe([(f"city/{name}/commands", 1), ("g0/commands", 1)])
    made.on_subscribe = lambda *it: codes.extend(it[3])

    def on_message(client: paho.Client, _: Any, message: paho.MQTTMessage) -> None:  # noqa: ANN401
        heard.append(json.loads(message.payload))
        told = {"key": heard[-1]["key"], "state": "done"}
        client.publish(f"{name}/receipts", json.dumps(told), qos=1)

    made.on_message = on_message
    made.connect("127.0.0.1", city.doors.mqtt_port)
    made.loop_start()
    until(lambda: len(codes) == 2, "an answer to SUBSCRIBE")
    assert [code.is_failure for code in codes] == [False, True]
    ask(city, officer, f"/v1/commands/{name}", opening(f"m{version}"))
    given = city.senses.commands.given
    until(lambda: given[f"m{version}"].state is State.DONE, "the receipt")
    made.disconnect()
    made.loop_stop()
    assert [it["key"] for it in heard] == [f"m{version}"]
    assert city.senses.total().refused == {}, "receipts are no readings"


def test_what_nobody_fetches_expires(city: Node) -> None:
    officer = orders(city, "officer")
    ask(city, officer, "/v1/commands/g2", {**opening("e1"), "within": 0.01})
    until(lambda: city.senses.commands.given["e1"].state is State.EXPIRED, "its end")
    assert ask(city, city.doors.keys.device("g2"), "/v1/commands?device=g2")[1]["commands"] == []


def test_what_a_brain_consented_to_becomes_one_command_however_often_it_is_sent(
    tmp_path: Path,
) -> None:
    senses = town(tmp_path)
    senses.declare(GATE)
    hand, now = ByCommand(senses), datetime.fromtimestamp(T0 / 1000, UTC)
    action = Action("open", "g0", Words("open", "开"), {"share": 1.0})
    for _ in range(3):
        hand.send(action, now)
    (held,) = senses.commands.of("g0")
    assert (held.order.name, held.state) == ("open", State.QUEUED)
    with pytest.raises(Refused, match="goes from 0 to 1"):
        hand.send(Action("open", "g0", Words("", ""), {"share": 2.0}), now)
    with pytest.raises(Refused, match="knows no command"):
        hand.send(Action("fly", "g0", Words("", "")), now)
    senses.close()


def test_a_device_has_only_so_many_open_commands_and_those_unheard_go_again(
    tmp_path: Path,
) -> None:
    senses = town(tmp_path)
    senses.declare(GATE)
    hand, now = ByCommand(senses), datetime.fromtimestamp(T0 / 1000, UTC)
    for i in range(WAITING):
        hand.send(Action("open", "g0", Words("", ""), {"share": i / WAITING}), now)
    with pytest.raises(Refused, match="wait for g0 already"):
        hand.send(Action("open", "g0", Words("", ""), {"share": 1.0}), now)
    hand.send(Action("close", "g1", Words("", "")), now)
    (close,) = senses.commands.due("g1", T0)
    step = senses.commands.step(close.order.key, State.SENT, at=T0, by="line")
    senses.commit([(COMMANDS, encode([step]))])
    assert list(senses.commands.due("g1", T0 + AGAIN - 1)) == []
    assert [it.order.key for it in senses.commands.due("g1", T0 + AGAIN)] == [close.order.key]
    senses.close()


def test_kill_9_at_any_moment_loses_no_command_and_sends_none_twice(tmp_path: Path) -> None:
    rng, heard = Random(7), Counter[tuple[str, str]]()
    first = 0
    for _ in range(5):
        whole = until_killed(rng.randrange(5, 120), str(WRITER), str(tmp_path), str(first))
        heard.update((word, key) for word, key in whole)
        first = max(int(key[1:]) for word, key in heard if word == "given") + 2
    senses = town(tmp_path, 3)
    assert max(n for (word, _), n in heard.items() if word == "sent") == 1
    for word, key in heard:
        state = senses.commands.given[key].state
        assert (word != "done") or state is State.DONE
        sent = [s for s in senses.commands.given[key].steps if s.state is State.SENT]
        assert len(sent) <= 1, "what goes out at most once went out twice"
        assert word == "given" or sent
    senses.close()
