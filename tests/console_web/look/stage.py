"""A Chromium of this machine, a served storm night, and watched pages on it."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import pytest
from night import Night, stormy
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from watched import LISTEN, Opener, Served, Watched

from mindu.base.time import SystemClock
from mindu.console.contract.common import Role
from mindu.console.server import Serving, serving
from mindu.console.wire.visit import COOKIE

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
PATIENCE = 60_000.0  # ms: a loaded machine of two cores draws its first map in so long
expect.set_options(timeout=PATIENCE)


def found_chromium() -> str:
    """Return the Chromium of this machine."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    assert found, "no Chromium here: apt-get install -y chromium fonts-noto-cjk"
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def night() -> Night:
    return stormy()


@pytest.fixture(scope="module")
def desk(night: Night) -> Iterator[Served]:
    with serving(night) as desk:
        yield cast("Served", desk)


@pytest.fixture
def opened(chromium: Browser, desk: Served) -> Iterator[Opener]:
    """Open watched pages: as a guest, as the owner by the one-time key, or as one of a role."""
    contexts: list[BrowserContext] = []

    def make(
        *,
        size: tuple[int, int] = (1280, 800),
        owner: bool = False,
        role: str = "",
        script: str = "",
        at: Served | None = None,
    ) -> Watched:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(LISTEN + script)
        contexts.append(context)
        page, city = context.new_page(), at or desk
        if owner:
            page.goto(city.enter)
        if role:
            context.add_cookies([{"name": COOKIE, "value": session(city, role), "url": city.url}])
        watched = Watched(page, city.url)
        page.on("request", watched.note)
        page.on("response", watched.judge)
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        return watched

    yield make
    for context in contexts:
        context.close()


def session(city: Served, role: str) -> str:
    """Return the session of somebody of that role, let in past the door."""
    people, now = cast("Serving", city).desk.people, SystemClock().now()
    if people.accounts.person(role) is None:
        people.accounts.add(role, cast("Role", role), now=now)
    return people.sessions.open(role, now)


@pytest.fixture(scope="session")
def axe() -> str:
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
