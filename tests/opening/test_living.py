"""The living city's own tables are open by themselves, follow it, and stay shut once closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from opening_house import NOON
from portal_house import Browser
from starlette.applications import Starlette
from starlette.routing import Mount

from mindu.base.records import Entry, Judgement, Observation, Placed, Severity, Words
from mindu.cli.data.open.house import Held, opened
from mindu.cli.data.open.living import CITY, Living
from mindu.cli.data.open.within import beside
from mindu.console.board import Board
from mindu.edge.portal.doors import application

NAME = Words("Demo", "演示")


@dataclass
class City:
    """A city with one gauge, as the portal sees it."""

    board: Board = field(default_factory=Board)
    lock: Lock = field(default_factory=Lock)
    name: Words = NAME
    seq: int = 0

    def tell(self, record: Any, *, about: str = "g1", by: str = "loop") -> None:  # noqa: ANN401
        at = NOON + timedelta(minutes=self.seq)
        self.board.fold(Entry(seq=self.seq, at=at, record=record, about=about, by=by, prev=""))
        self.seq += 1


@pytest.fixture
def city() -> City:
    made = City()
    facts: dict[str, Any] = {"name_zh": "光明港", "name_en": "Guangming", "lon": 119.3, "lat": 26.1}
    made.tell(Placed("Reach", facts))
    made.tell(Observation("level", 4.86, "m"))
    says = Words("the bank is near", "接近漫溢")
    made.tell(Judgement("near", Severity.RED, says, confidence=0.8))
    made.tell(Judgement("told", Severity.RED, Words("about a person", "涉及个人")), about="case:7")
    return made


@contextmanager
def house(folder: Path) -> Iterator[Held]:
    with opened(folder) as held:
        yield held


def test_what_stands_is_measured_and_judged_is_open(city: City, tmp_path: Path) -> None:
    living = Living(city, tmp_path)  # type: ignore[arg-type]
    with house(tmp_path) as held:
        living.open(held)
        names = [one.dataset.name for one in held.portal.memory.opened.every()]
        assert names == ["city_judgements", "city_things", "readings_level"]
        reader = Browser(Starlette(routes=[_mounted(held)]), {})
        (row,) = reader.get("/open/d/readings_level.json").json()
        assert (row["id"], row["name_zh"], row["value"], row["lon"]) == (
            "g1", "光明港", 4.86, 119.3,
        )  # fmt: skip
        (told,) = reader.get("/open/d/city_judgements.json").json()
        assert (told["finding"], told["says_zh"], told["severity"]) == ("near", "接近漫溢", 4)
        assert held.portal.memory.opened.get("readings_level") is not None


def test_a_newer_reading_is_given_out_and_a_closed_table_stays_shut(
    city: City, tmp_path: Path
) -> None:
    living = Living(city, tmp_path)  # type: ignore[arg-type]
    with house(tmp_path) as held:
        held.portal.freshen = living.freshen
        living.open(held)
        city.tell(Observation("level", 5.1, "m"))
        living._at = 0.0  # a minute later
        reader = Browser(Starlette(routes=[_mounted(held)]), {})
        assert [r["value"] for r in reader.get("/open/d/readings_level.json").json()] == [4.86, 5.1]
        now = held.portal.gateway.clock.now()
        held.portal.openings.close("city_things", "on request", CITY, now=now)
        city.tell(Observation("level", 5.2, "m"))
        living._at = 0.0
        living.open(held)
        assert held.portal.memory.opened.get("city_things") is None


def test_behind_the_consoles_door_stands_a_room_of_its_own(city: City, tmp_path: Path) -> None:
    with beside(tmp_path, city) as room:  # type: ignore[arg-type]
        reader = Browser(Starlette(routes=list(room.routes)), {"accept": "text/html"})
        page = reader.get(f"{room.path}?lang=zh").text
        assert "演示 · 开放数据" in page
        assert '<a href="/status">城市状况</a>' in page
        assert reader.get(f"{room.path.rstrip('/')}?lang=zh").text == page, "as people type it"


def _mounted(held: Held) -> Mount:
    return Mount("/open", app=application(held.portal))
