"""A Chromium of this machine, a served storm night, and watched pages on it."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import pytest
from night import Night, stormy
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from watched import LISTEN, Opener, Served, Watched

from mindu.console.server import serving

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
PATIENCE = 60_000.0  # ms: a loaded machine of two cores draws its first map in so long


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    assert found, "no Chromium here: apt-get install -y chromium fonts-noto-cjk"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
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
    """Open watched pages; `owner` enters by the one-time key first."""
    contexts: list[BrowserContext] = []

    def make(
        *, size: tuple[int, int] = (1280, 800), owner: bool = False, script: str = ""
    ) -> Watched:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(LISTEN + script)
        contexts.append(context)
        page = context.new_page()
        if owner:
            page.goto(desk.enter)
        watched = Watched(page, desk.url)
        page.on("request", watched.note)
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        return watched

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
