"""Ways to the desk: a link leads where it points, also through a sign-in, and never elsewhere."""

import pytest
from services_office import applied, at_desk, decides, hall, moves, opened
from services_people import GOOD, Hall, Person
from starlette.requests import Request

from mindu.console.steps.ways import wanted

__all__ = ["hall"]


def signs_in_at(hall: Hall, path: str) -> Person:
    person = Person(hall).get(path)
    return person.post("/id/password", name="Lin", password=GOOD, kind="staff").agrees()


def test_a_link_to_a_step_leads_to_the_step_through_a_sign_in(hall: Hall) -> None:
    case = applied(hall)
    (wait,) = hall.counter.processes.state(case).waits
    number = hall.counter.number(case)
    for lang, word in (("zh", "办件编号"), ("en", "Claim it to see")):
        lin = signs_in_at(hall, f"/desk/{case}/{wait.id}?lang={lang}")
        assert word in lin.body
        assert number in lin.body
    assert "Lin" in signs_in_at(hall, "/desk/?page=1").body
    papers = signs_in_at(hall, "/desk/papers?number=MD&lang=en").body
    assert 'value="MD"' in papers, "what was asked for in the link comes along"


@pytest.mark.parametrize(
    ("path", "query", "leads"),
    [
        ("/desk/7/12", "lang=en&x=1%26y", "/desk/7/12?x=1%26y&lang=en"),
        ("/desk/units", "", "/desk/units?lang=zh"),
        ("/desk//elsewhere.example/", "lang=en", "/desk/?lang=en"),
        ("//elsewhere.example/desk/7/12", "", "/desk/?lang=zh"),
        ("/desk/7/12/\\elsewhere.example", "", "/desk/?lang=zh"),
        ("/desk/back", "state=x&code=y", "/desk/?lang=zh"),
        ("/id/sign-out", "", "/desk/?lang=zh"),
    ],
)
def test_a_sign_in_leads_to_a_page_of_the_desk_and_nowhere_else(
    path: str, query: str, leads: str
) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"host", b"hall")],
             "query_string": query.encode(), "scheme": "http", "root_path": "",
             "server": ("hall", 80)}  # fmt: skip
    assert wanted(Request(scope), "/desk") == leads


def test_a_step_goes_to_another_person_or_not_at_all(hall: Hall) -> None:
    case, lin = applied(hall), at_desk(hall, "Lin")
    decides(lin, hall, case, "accept")
    moves(lin, opened(lin, hall, case, "business_licence"), "claim")
    before = hall.counter.processes.state(case).step
    for move in ("hand_over", "delegate"):
        path = opened(lin, hall, case, "business_licence")
        said = moves(lin, path, move, person="Lin", why="休假")
        assert (said.status, "该任务已在Lin手中:请指定另一人" in said.body) == (409, True)
        lin.get(f"{path}?lang=en")
        english = moves(lin, f"{path}?lang=en", move, person="Lin", why="away")
        assert "Lin has it already: name somebody else" in english.body
    assert hall.counter.processes.state(case).step == before, "nothing was written"
