"""The hall: one folder opened as services, identity provider and desk, over one log."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from mindu.apps.services import items
from mindu.apps.services.counter import Counter
from mindu.apps.services.kind import KIND
from mindu.apps.services.needs import Needed, Needs
from mindu.apps.services.own.vouched import Vouched
from mindu.apps.services.package import SHIPPED, shipped
from mindu.apps.services.rating import Ratings
from mindu.apps.services.web import apply, checking, consents, licences, mine, signing
from mindu.apps.services.web.doors import application as pages
from mindu.apps.services.web.site import Site
from mindu.base.records import Words
from mindu.base.time import SystemClock
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.cli.say import Trouble
from mindu.cli.services.leaving import tells
from mindu.cli.services.registers import registers
from mindu.cli.services.shared import Flush, Shared
from mindu.cli.services.shelf import Issued
from mindu.console.identity.clients import LOOPBACK
from mindu.console.identity.inside import Inside
from mindu.console.identity.keyring import made
from mindu.console.identity.proof import PEOPLE, Simulator
from mindu.console.identity.provider import Provider, Wiring, provider
from mindu.console.identity.web.routes import application as identity
from mindu.console.people.house import People
from mindu.console.steps.desk import Desk, Officer
from mindu.console.steps.site import Steps
from mindu.console.workers.door import Door
from mindu.console.workers.tokens import Workers
from mindu.data.keeping.home import home as kept
from mindu.data.log import Log
from mindu.data.vault import Vault

LOG, SECRET = "services", "services.secret"
VAULT = "services.vault"  # a folder of its own: another app may keep a vault beside it
BYTES = 32  # of the secret
HERE, SECTOR = Words("One-stop services", "一网好办"), "services"
DESK = Words("Staff desk", "工作人员办件台")
SCOPES = ("profile", "phone", "identity", "acting")


@dataclass(frozen=True, slots=True)
class Hall:
    """What one process serves."""

    site: Site
    provider: Provider
    people: People
    steps: Steps
    workers: Workers


def opened(
    folder: Path, base: str, *, now: Callable[[], datetime] | None = None,
    make: Callable[[], bytes] = made,
) -> Hall:  # fmt: skip
    """Return the hall over the log, the vault and the accounts of a folder.

    The simulator of the national online identity is there on the loopback alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    secret = secret_of(folder / SECRET)
    memory = Memory(Log.open(kept(folder).log(LOG)), {}, seed=0)
    vault, people, now = Vault(folder / VAULT), People(folder), now or SystemClock().now
    packages = {name: shipped(name) for name in SHIPPED}
    steps = Processes(memory, Office(memory, {KIND.name: KIND}))
    counter = Counter(steps, vault, items.shipped(), packages, salt=secret.hex())
    counter.open(now())
    ratings = Ratings(counter)
    ratings.open(now())
    issuer = f"{base}/id"
    if not (here := urlsplit(base).hostname in LOOPBACK) and not base.startswith("https:"):
        raise ValueError(f"{base} is no address for identities: give --public https://…")
    house = provider(Wiring(
        folder=folder, memory=memory, vault=vault, issuer=issuer, now=now, make=make,
        staff=people.accounts, proof=Simulator(f"{issuer}/pretend", PEOPLE) if here else None,
        tells=tells, matters={name: one.title for name, (one, _) in packages.items()},
    ))  # fmt: skip
    way = Inside(house, HERE, f"{base}/signed-in", SCOPES, sector=SECTOR)
    site = Site(counter, ratings, now, lambda: os.urandom(16).hex(), secret, way, base,
                registers(folder, pretend=now() if here else None))  # fmt: skip
    return Hall(site, house, people, _steps(site, house, people, base), Workers(folder))


def _steps(site: Site, house: Provider, people: People, base: str) -> Steps:
    """Return the desk of the staff over the same processes."""

    def officer(name: str) -> Officer | None:
        person = people.accounts.person(name)
        offices = house.citizens.offices_of(name)
        return None if person is None else Officer(name=name, role=person.role, offices=offices)

    needs, vouched = Needs(site.counter, site.corrections), Vouched(site.counter, site.materials)

    def given(instance: int, node: str, by: str, now: datetime) -> list[Needed]:
        told = needs.given(instance, node, by, now)
        told += site.ratings.shown(instance, by=by, now=now)
        return [*told, *vouched.given(instance, node, now)]

    desk = Desk(
        processes=site.counter.processes, officers=officer, now=site.now,
        number=site.counter.number,
        given=given, moved=site.look,
        about=site.counter.title,
    )  # fmt: skip
    way = Inside(house, DESK, f"{base}/desk/back", ("profile", "staff"), sector="desk")
    return Steps(desk, way, "/desk", Issued(site))


def application(hall: Hall) -> Starlette:
    """Return everything that one process serves; requests at once share a flush of the disk."""
    site = hall.site
    door = Door(site.counter.processes, hall.workers, site.now, f"{site.base}/worker")
    mounted = [
        Mount("/id", identity(hall.provider)),
        Mount("/desk", hall.steps.application()),
        Mount("/worker", door.application()),
    ]
    bare = [Route(one.path, _with_slash) for one in mounted]
    rooms = (signing, mine, consents, checking, licences, apply)
    app = pages(site, [*mounted, *bare, *(one for room in rooms for one in room.routes(site))])
    app.add_middleware(Shared, flush=Flush(site.counter.processes.memory.log))
    return app


def _with_slash(request: Request) -> Response:
    """Lead whoever leaves out the slash at the end of a room."""
    return RedirectResponse(f"{request.url.path}/", 307)


def secret_of(path: Path) -> bytes:
    """Return the secret that seals cookies, made once and readable by its owner alone."""
    if not path.exists():
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_bytes(os.urandom(BYTES))
        part.replace(path)
    secret = path.read_bytes()
    if len(secret) != BYTES:
        raise Trouble(
            Words(f"{path} holds no secret of {BYTES} bytes.", f"{path} 内容不完整。"),
            Words("Take a copy back, or remove it: open forms must be loaded again.",
                  "请恢复备份,或删除它(已打开的表单需重新加载)。"),
        )  # fmt: skip
    return secret
