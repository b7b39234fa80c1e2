"""How fast rules decide beside feelin and the native Drools, both from npm, in one run.

`MINDU_PEERS` names a folder with a `node_modules` that holds `feelin` and
`@kie-tools/jitexecutor-native`; without it ours stands alone. `TCK` may name a folder of the
public TCK. Processor seconds of whichever process works, so a busy machine changes little. feelin
reads each text anew at every evaluation, and Drools' door takes a model with every call: ours is
therefore measured that way too, beside how it is meant to be used, compiled once.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.figure import Figure
from benchmarks.rules import PEOPLE, bands, inputs, model
from benchmarks.senses_peers import cpu, free_port, reached
from mindu.engines.rules import Model, ModelError, compile_feel, load, plain
from mindu.engines.rules.tck import LEVELS, Case, cases

ROWS, SPEND_S = 1_000, 2.0  # rows of the table; CPU seconds of each measurement
DROOLS = "@kie-tools/jitexecutor-native/dist/linux/jitexecutor"
EXPRESSIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "arithmetic": ("(income - 5000) * 0.03 + fee", {"income": 8000, "fee": 12}),
    "condition": (
        'if age >= 80 and district = "鼓楼" then 100 else 0', {"age": 82, "district": "鼓楼"}),
    "date": ('date(born) + duration("P80Y") <= date("2026-05-01")', {"born": "1944-03-01"}),
    "filter of 20": ("sum(people[age >= 80].amount)", {"people": PEOPLE}),
    "text": (
        'starts with(code, "3501") and string length(code) = 18', {"code": "350102194403010012"}),
}  # fmt: skip


def figures() -> Iterator[Figure]:
    """Measure expressions, a table of 1,000 rows and the TCK's models, beside the peers there."""
    peers = Path(os.environ["MINDU_PEERS"]) if os.environ.get("MINDU_PEERS") else None
    theirs = _feelin(peers) if peers is not None else {}
    yield from _expressions(theirs)
    ours = load(model(ROWS))
    given = inputs(ROWS)
    assert not theirs or theirs["table"]["value"] == [_decided(ours, one) for one in given]
    rated = rate(lambda n: ours.decide("amount", given[n % len(given)]))
    yield _figure(f"table of {ROWS} rows, compiled once, traced", rated, "1/CPU s",
                  _beside("feelin", theirs.get("table")))  # fmt: skip
    with _drools(peers) as asked:
        yield from _anew(given, asked)
        if os.environ.get("TCK"):
            yield from _judged(Path(os.environ["TCK"]) / "TestCases" / LEVELS[2], asked)


def rate(work: Callable[[int], object]) -> float:
    """Return how often a CPU second the work is done."""
    work(0)
    count, began = 0, process_time()
    while process_time() - began < SPEND_S:
        work(count)
        count += 1
    return count / (process_time() - began)


def _expressions(theirs: dict[str, dict[str, Any]]) -> Iterator[Figure]:
    for name, (text, given) in EXPRESSIONS.items():
        once = compile_feel(text, given)
        if theirs:
            assert plain(once.eval(given).value) == theirs[name]["value"], f"{name}: they differ"
        beside = _beside("feelin", theirs.get(name))
        speed = rate(lambda _n, e=once, g=given: e.eval(g))  # type: ignore[misc]
        yield _figure(f"FEEL, {name}, compiled once", speed, "1/CPU s", beside)
        anew = rate(lambda _n, t=text, g=given: compile_feel(t, g).eval(g))  # type: ignore[misc]
        yield _figure(f"FEEL, {name}, read anew each time", anew, "1/CPU s", beside)


def _decided(ours: Model, given: dict[str, object]) -> object:
    return plain(ours.decide("amount", given).value)


def _feelin(peers: Path) -> dict[str, dict[str, Any]]:
    """Return what feelin says and how fast, by name."""
    rows = []
    for number in range(ROWS):
        low, high, district, amount = bands(number)
        least = "-" if number % 2 else ">= 60"
        rows.append([f"[{low}..{high})", f'"{district}"', least, str(amount)])
    told = {"seconds": SPEND_S, "expressions": EXPRESSIONS, "given": inputs(ROWS),
            "table": {"inputs": ["income", "district", "age"], "rows": rows}}  # fmt: skip
    script = Path(__file__).with_name("rules_feelin.mjs")
    command = [shutil.which("node") or "node", str(script), str(peers)]
    done = subprocess.run(command, input=json.dumps(told).encode(), capture_output=True, check=True)
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


Ask = Callable[[str, dict[str, object]], Any]


@contextmanager
def _drools(peers: Path | None) -> Iterator[tuple[Ask, Callable[[], float]] | None]:
    """Yield how to let Drools decide, and its CPU seconds so far; None where it is not there."""
    program = None if peers is None else peers / "node_modules" / DROOLS
    if program is None or not program.exists():
        yield None
        return
    with TemporaryDirectory() as folder:
        runs = Path(shutil.copy(program, folder))  # the package does not say that it may be run
        runs.chmod(0o700)
        with _running(runs) as held:
            yield held


@contextmanager
def _running(program: Path) -> Iterator[tuple[Ask, Callable[[], float]]]:
    port = free_port()
    command = [str(program), f"-Dquarkus.http.port={port}", "-Dquarkus.http.host=127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as peer:
        try:
            reached(port)

            def ask(text: str, given: dict[str, object]) -> Any:  # noqa: ANN401
                body = json.dumps({"model": text, "context": given}).encode()
                url = f"http://127.0.0.1:{port}/jitdmn/dmnresult"
                how = {"content-type": "application/json", "accept": "application/json"}
                with urlopen(Request(url, body, how), timeout=60) as answer:
                    return json.loads(answer.read())

            yield ask, lambda: cpu(peer.pid)
        finally:
            peer.kill()


def _anew(
    given: list[dict[str, object]], asked: tuple[Ask, Callable[[], float]] | None
) -> Iterator[Figure]:
    text, beside = model(ROWS), None
    if asked is not None:
        ask, spent = asked
        (found,) = ask(text, given[0])["decisionResults"]
        assert found["result"] == _decided(load(text), given[0]), "the two must agree"
        count, began = 0, spent()
        while spent() - began < SPEND_S:
            ask(text, given[count % len(given)])
            count += 1
        beside = f"Drools native, over loopback HTTP {count / (spent() - began):.1f}"
    speed = rate(lambda n: load(text).decide("amount", given[n % len(given)]))
    yield _figure(f"table of {ROWS} rows, loaded anew each time", speed, "1/CPU s", beside)


def _judged(folder: Path, asked: tuple[Ask, Callable[[], float]] | None) -> Iterator[Figure]:
    """Decide each case of the TCK's level 2 whose inputs are plain, by both."""
    told = [(text, case) for text, case in _told(folder)]
    models = {text: load(text) for text, _ in told}
    speed = rate(lambda n: _decide(models[told[n % len(told)][0]], told[n % len(told)][1]))
    name = f"TCK level 2, {len(told)} decisions"
    yield _figure(f"{name}, compiled once", speed, "1/CPU s", None)
    beside = None
    if asked is not None:
        ask, spent = asked
        for text, case in told[:10]:
            ask(text, case.inputs)
        began = spent()
        for text, case in told:
            ask(text, case.inputs)
        beside = f"Drools native, over loopback HTTP {len(told) / (spent() - began):.1f}"
    anew = rate(lambda n: _decide(load(told[n % len(told)][0]), told[n % len(told)][1]))
    yield _figure(f"{name}, loaded anew each time", anew, "1/CPU s", beside)


def _told(folder: Path) -> Iterator[tuple[str, Case]]:
    for path in sorted(folder.glob("*/*.xml")):
        for file, case in cases(path):
            try:
                text = (path.parent / file).read_text("utf-8")
                load(text)
                given = {name: plain(value) for name, value in case.inputs.items()}
                json.dumps(given)
            except (ModelError, OSError, TypeError):
                continue
            if not case.invocable:
                yield text, Case(case.suite, case.name, given, "", case.node, case.expected)


def _decide(ours: Model, case: Case) -> object:
    return ours.decide(case.node, ours.from_json(case.inputs)).value


def _beside(who: str, told: dict[str, Any] | None) -> str | None:
    return None if told is None else f"{who} {told['rate']:.0f}"


def _figure(name: str, value: float, unit: str, peer: str | None) -> Figure:
    shown = round(value, 2) if value < 100 else round(value)
    return Figure(name=f"rules: {name}", value=shown, unit=unit, peer=peer, goal="", holds=None)
