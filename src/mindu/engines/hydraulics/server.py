"""The process behind a twin: one thread, one model, a line to its client.

It is started clean by `twin.py` (never forked from a caller with threads) and ends when the line
closes. Requests are (verb, arguments); answers are ("ok", value), ("wrong", error), and for futures
("some", pairs of an index and its bytes or why it failed) … ("end",).
"""

import gc
import os
import select
import selectors
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mindu.base.time import monotonic
from mindu.engines.hydraulics.branch import Limits
from mindu.engines.hydraulics.drive import LOOK_S, Drive
from mindu.engines.hydraulics.flock import Flock
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.light import lightly
from mindu.engines.hydraulics.patch import Patch, written
from mindu.engines.hydraulics.port import Forcing, Job, Network, Plan, Seen, Totals
from mindu.engines.hydraulics.reading.fields import InpError
from mindu.engines.hydraulics.reading.network import build
from mindu.engines.hydraulics.reading.options import read_options
from mindu.engines.hydraulics.reading.sections import read_sections
from mindu.engines.hydraulics.swmm import EngineError, Swmm
from mindu.engines.hydraulics.watch import Watch
from mindu.engines.hydraulics.wire import STOP, GoneError, packed, receive, send

WORKERS_MOST = 64
GATHER_S = 0.02  # answers of small networks come by the dozen, and each message costs both sides


class Server:
    """Answers one client."""

    def __init__(self, line: socket.socket, folder: Path) -> None:
        self.line, self.folder = line, folder
        self.model: Swmm | None = None
        self.watch = Watch(line)

    def serve(self) -> None:
        """Answer until the line closes."""
        while True:
            try:
                asked = lightly(receive(self.line))
                if asked != STOP:  # it came when all was done
                    self._answer(asked)
            except GoneError:
                return

    def _answer(self, asked: object) -> None:
        assert isinstance(asked, tuple)
        verb, *args = asked
        try:
            if verb == "futures":
                self._futures(*args)
                return
            with self.watch:
                value = getattr(self, f"do_{verb}")(*args)
        except GoneError:
            raise
        except InpError as wrong:
            self._say("inp", wrong.en, wrong.zh)
        except Exception as wrong:  # noqa: BLE001 - the client hears of it, whatever it is
            where = traceback.extract_tb(wrong.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            self._say("wrong", f"{type(wrong).__name__}: {wrong} ({place})")
        else:
            self._say("ok", value)

    def _say(self, *told: object) -> None:
        send(self.line, packed(told))

    def _live(self) -> Swmm:
        assert self.model is not None, "a model is opened first"
        return self.model

    def do_hello(self, paths: Sequence[str], request_s: float) -> int:
        """Look for policies where the client does; hear how long a request may take."""
        self.watch.most_s = request_s
        sys.path[:] = [*sys.path, *(p for p in paths if p not in sys.path)]
        return os.getpid()

    def do_open(self, path: str, changes: Changes, own_rules: bool) -> tuple[Network, list[str]]:  # noqa: FBT001 - by wire
        """Open the model; return its network and what was set aside."""
        file = read_sections(path)
        network = build(file)
        patch = Patch(file, read_options(file), changes, self.folder, own_rules=own_rules)
        self.model = model = Swmm(written(patch), network, ruled=own_rules)
        model.seep = seep(network, changes.leakage)
        model.set_inflow(None)
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
        assert threads == 1, f"a twin has one thread, not {threads}, or its forks may hang"
        gc.collect()
        gc.freeze()
        return model.known(), patch.told

    def do_advance(self, to_s: float, plan: Plan, forcing: Forcing) -> Seen:
        """Step on."""
        model = self._live()
        Drive(model, plan, forcing, LOOK_S).to(to_s)
        wrong = model.trouble()
        if wrong:
            raise EngineError(wrong)
        return model.see()

    def do_see(self) -> Seen:
        """Read everything."""
        return self._live().see()

    def do_totals(self) -> Totals:
        """Read the balance."""
        model = self._live()
        volume, energy = model.pumped()
        return Totals(float(model.flooded().sum()), model.rained(), model.outflow(), volume, energy)

    def _futures(
        self, jobs: Sequence[Job], deadline_s: float, workers: int, limits: Limits
    ) -> None:
        """Run all jobs in children, answering as each ends; a word from the client cancels."""
        flock = Flock(self._live(), jobs, min(max(workers, 1), WORKERS_MOST), limits)
        end = monotonic() + deadline_s
        line = select.poll()  # needs no file of its own, and knows those beyond the 1,024th
        line.register(self.line, select.POLLIN)
        with selectors.DefaultSelector() as looked:
            looked.register(self.line, selectors.EVENT_READ)
            try:
                while flock.more(looked) and (left := end - monotonic()) > 0:
                    ready = [key.fd for key, _ in looked.select(left)]
                    if flock.patient and self.line.fileno() not in ready:
                        line.poll(GATHER_S * 1000)
                        ready = [key.fd for key, _ in looked.select(0.0)]
                    if self.line.fileno() in ready:
                        receive(self.line)
                        return
                    told = [pair for pipe in ready for pair in flock.heard(pipe, looked)]
                    self._say("some", told)
                why = f"not done by the deadline of {deadline_s:.1f} s"
                self._say("some", [(index, why) for index in sorted(flock.left)])
            except GoneError:
                raise
            except Exception as wrong:  # noqa: BLE001 - one word ends the answer, never two
                why = f"{type(wrong).__name__}: {wrong}"
                self._say("some", [(index, why) for index in sorted(flock.left)])
            finally:
                flock.end()
                self._say("end")


def seep(network: Network, leakage: float) -> np.ndarray:
    """Spread what leaks in, m3/s, over drained nodes by their land, else over all junctions."""
    place = {name: k for k, name in enumerate(network.nodes)}
    share = np.zeros(len(network.nodes))
    for node, area in zip(network.subcatchment_node, network.subcatchment_area, strict=True):
        if node in place:
            share[place[node]] += area
    if not share.any():
        share = np.array([kind == "junction" for kind in network.node_kind], dtype=np.float64)
    return leakage * share / share.sum() if share.any() else share


def main() -> None:
    """Serve the client at the other end of socket number `argv[1]`, in the folder `argv[2]`."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)  # we end with our client, and clean up behind us
    line, folder = socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])
    try:
        Server(line, folder).serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
