"""A counter with its staff on the roster, form and desk served, and how a test speaks to them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from house import KIND, NOON, PATIENCE, WIRE, counter, served
from mindu.base.records import Table
from mindu.brain.casework import rights
from mindu.edge.counter import web
from mindu.edge.counter.counter import Counter
from mindu.edge.desk import doors

SECRET = "a secret of the tests"  # noqa: S105 - of the tests alone
KEY = sha256(SECRET.encode()).hexdigest()
PEOPLE = (
    ("anna", "Anna", "centre", "operator dispatcher", "3501"),
    ("lin", "林", "urban", "officer reviewer", "3501"),
    ("fang", "方", "centre", "final_reviewer", "3501"),
    ("du", "督", "centre", "supervisor", "3501"),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Counter]]:
    desk = counter(Path(tmp_path_factory.mktemp("town")))
    rows = tuple((*row, "", KEY) for row in PEOPLE)
    desk.office.lay("roster", Table(rights.COLUMNS, rows, "the tests"), by="tests", now=NOON)
    app = Starlette(routes=[*web.routes(desk, KIND), *doors.routes(desk, KIND)])
    with served(app) as root:
        yield root, desk


def told(root: str, text: str, **more: str) -> httpx.Response:
    data = {"text": text, "service": "lamp", "area": "350102", **more}
    return WIRE.post(f"{root}/report?lang=zh", data=data)


def code_in(page: httpx.Response) -> str:
    found = re.search(r'class="code">([A-Z0-9]+)<', page.text)
    assert found, page.text
    return found[1]


@contextmanager
def signed_in(root: str, who: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=root, timeout=PATIENCE) as client:
        got = client.post("/desk/in", data={"officer": who, "secret": SECRET})
        assert got.status_code == 303, got.text
        yield client


def token(page: httpx.Response) -> str:
    found = re.search(r"name='token' value='([0-9a-f]+)'", page.text)
    assert found
    return found[1]
