"""Stewards open, close, plan and answer on pages: signed, with a token, without script."""

from html.parser import HTMLParser

import pytest
from opening_house import HEALTH, NOON, WATER, lay, patients
from portal_house import Browser, Desk
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from mindu.edge.portal.doors import application
from mindu.edge.portal.held import Seat, Stewards

TOKEN = "t" * 40
PLAN = "dataset,title_zh,title_en,department,due,note\npatients,就诊,Visits,{},2026-12-31,\n"


def who(request: Request) -> Seat | None:
    """Stand in for the console's door: a header says who signed in."""
    name = request.headers.get("x-signed-in", "")
    return Seat(name, TOKEN, request.headers.get("x-department", "")) if name else None


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.portal.stewards = Stewards(who=who)
    desk.app = Starlette(routes=[Mount("/open", app=application(desk.portal))])
    return desk


@pytest.fixture
def steward(desk: Desk) -> Browser:
    return desk.browser(**{"x-signed-in": "zhou", "accept-language": "en"})


def test_nobody_but_a_steward_sees_or_changes_anything(desk: Desk) -> None:
    guest, before = desk.browser(), len(desk.memory.log)
    pages = ("/steward", "/steward/d/pumps", "/steward/plan", "/steward/requests/1")
    for path in pages:
        told = guest.get(f"/open{path}?lang=en")
        assert (told.status_code, "sign in at /sign-in" in told.text) == (401, True)
    for path in pages[1:]:
        form = {"token": TOKEN, "do": "close", "why": "x"}
        assert guest.post(f"/open{path}", data=form).status_code == 401
    assert len(desk.memory.log) == before


def test_a_portal_without_stewards_has_no_such_pages() -> None:
    desk = Desk()
    assert desk.browser().get("/open/steward").status_code == 404
    assert "/steward" not in desk.browser().get("/open/").text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_says_how_every_table_stands(steward: Browser, lang: str) -> None:
    page = steward.get(f"/open/steward?lang={lang}").text
    said = {"zh": ("已开放", "未开放"), "en": (">open<", ">not open<")}[lang]
    assert all(word in page for word in said)
    assert all(f"/open/steward/d/{name}" in page for name in ("pumps", "patients", "benches"))
    assert "/steward/d/benches" not in steward.get("/open/steward?q=pumps").text


def test_a_check_shows_who_would_be_told_apart_and_writes_nothing(
    desk: Desk, steward: Browser
) -> None:
    before = len(desk.memory.log)
    form = {"token": TOKEN, "do": "check", "fields": ["district", "age", "cause"], "k": "5",
            "l": "2", "quasi": ["cause"]}  # fmt: skip
    page = steward.post("/open/steward/d/patients?lang=en", data=form).text
    assert "In the way" in page
    assert "fewest people alike (cause, district, age)" in page
    assert 'name="quasi" value="cause" checked' in page, "what was typed is kept"
    assert len(desk.memory.log) == before


def test_a_steward_opens_a_table_in_their_own_name_and_closes_it_again(
    desk: Desk, steward: Browser
) -> None:
    lay(desk.pool.folder, "patients", patients(lonely=0))
    form = {"token": TOKEN, "do": "open", "fields": ["district", "age"], "licence": "CC-BY-4.0"}
    page = steward.post("/open/steward/d/patients?lang=en", data=form).text
    assert "It is open." in page
    held = desk.memory.opened.get("patients")
    assert held is not None
    assert (held.by, [f.name for f in held.dataset.fields]) == ("zhou", ["district", "age"])
    assert desk.browser().get("/open/d/patients").status_code == 200
    no = steward.post("/open/steward/d/patients", data={"token": TOKEN, "do": "close", "why": " "})
    assert (no.status_code, "say why it is closed" in no.text) == (400, True)
    form = {"token": TOKEN, "do": "close", "why": "recount"}
    assert "It is closed" in steward.post("/open/steward/d/patients?lang=en", data=form).text
    gone = desk.browser().get("/open/d/patients")
    assert (gone.status_code, "recount" in gone.text) == (410, True)


def test_what_cannot_open_says_why_and_the_refusal_is_written_down(
    desk: Desk, steward: Browser
) -> None:
    form = {"token": TOKEN, "do": "open", "fields": ["patient", "district"]}
    told = steward.post("/open/steward/d/patients?lang=en", data=form)
    assert (told.status_code, "graded SENSITIVE" in told.text) == (400, True)
    assert desk.memory.opened.refused("patients") == 1
    assert desk.memory.opened.get("patients") is None


def test_the_plan_is_laid_down_and_a_broken_one_comes_back_as_it_was_typed(
    desk: Desk, steward: Browser
) -> None:
    path = "/open/steward/plan?lang=en"
    page = steward.post(path, data={"token": TOKEN, "plan": PLAN.format(HEALTH)}).text
    assert "The plan is laid down." in page
    (line,) = desk.openings.planned(NOON)
    assert (line.dataset, line.department, line.due) == ("patients", HEALTH, "2026-12-31")
    assert "patients,就诊,Visits" in steward.get(path).text, "the form holds what holds"
    for wrong, why in (("patients,a,b,c,soon,", "due as 2026-12-31"), ('"x', "quotes")):
        no = steward.post(path, data={"token": TOKEN, "plan": wrong})
        assert (no.status_code, why in no.text) == (400, True)
        assert (wrong.replace('"', "&#34;") + "</textarea>") in no.text
    assert [line.dataset for line in desk.openings.planned(NOON)] == ["patients"]


def asked(desk: Desk, title: str) -> int:
    return desk.requests.ask(title, "", voter="somebody", now=NOON)


def test_a_request_is_answered_with_the_table_that_was_opened_for_it(
    desk: Desk, steward: Browser
) -> None:
    number = asked(desk, "泵站水位")
    assert "泵站水位" in steward.get("/open/steward").text
    path = f"/open/steward/requests/{number}?lang=en"
    form = {"token": TOKEN, "do": "answer", "said": "请联系 13812345678", "opened": "pumps"}
    assert "The answer stands" in steward.post(path, data=form).text
    one = desk.requests.get(number, NOON)
    assert one is not None
    assert (one.done, one.opened, "13812345678" in one.answer) == (True, "pumps", False)
    again = steward.post(path, data=form)
    assert again.status_code == 400, "it was answered already"


def test_a_request_is_sent_on_or_hidden_with_a_reason(desk: Desk, steward: Browser) -> None:
    number = asked(desk, "公交到站")
    path = f"/open/steward/requests/{number}?lang=en"
    form = {"token": TOKEN, "do": "to", "said": WATER}
    assert "another department" in steward.post(path, data=form).text
    one = desk.requests.get(number, NOON)
    assert one is not None
    assert one.holder == WATER
    page = steward.post(path, data={"token": TOKEN, "do": "hide", "said": "names somebody"}).text
    assert "It is shown no more." in page
    assert desk.requests.get(number, NOON) is None


def test_a_form_without_the_token_or_from_elsewhere_changes_nothing(
    desk: Desk, steward: Browser
) -> None:
    before, path = len(desk.memory.log), "/open/steward/d/pumps"
    form = {"do": "close", "why": "stolen"}
    assert steward.post(path, data={**form, "token": "x"}).status_code == 403
    evil = desk.browser(**{"x-signed-in": "zhou", "origin": "https://evil.example"})
    assert evil.post(path, data={**form, "token": TOKEN}).status_code == 403
    assert len(desk.memory.log) == before


class Fields(HTMLParser):
    """Every field of a page that nobody named, and every script."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self.scripts, self._labels = 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # type: ignore[explicit-override]
        told = dict(attrs)
        self._labels += tag == "label"
        self.scripts += tag == "script"
        named = self._labels or told.get("type") == "hidden"
        if tag in {"input", "textarea", "select"} and not named:
            self.bare.append(str(told))

    def handle_endtag(self, tag: str) -> None:  # type: ignore[explicit-override]
        self._labels -= tag == "label"


@pytest.fixture
def pages(desk: Desk, steward: Browser) -> str:
    number = asked(desk, "泵站水位")
    return "".join(
        steward.get(f"/open/steward{path}").text
        for path in ("", "/d/pumps", "/d/patients", "/plan", f"/requests/{number}")
    )


def test_every_field_has_a_label_and_no_page_needs_a_script(pages: str) -> None:
    seen = Fields()
    seen.feed(pages)
    assert (seen.bare, seen.scripts) == ([], 0)
    assert 'name="viewport" content="width=device-width' in pages


def test_a_steward_whose_account_names_a_department_signs_for_that_one_alone(desk: Desk) -> None:
    lay(desk.pool.folder, "patients", patients(lonely=0))
    signed = {"x-signed-in": "zhou", "accept-language": "en"}
    water, health = (desk.browser(**signed, **{"x-department": one}) for one in (WATER, HEALTH))
    form = {"token": TOKEN, "do": "open", "fields": ["district", "age"], "licence": "CC-BY-4.0"}
    path = "/open/steward/d/patients?lang=en"
    before = len(desk.memory.log)
    no = water.post(path, data=form)
    assert (no.status_code, f"signs for {WATER} alone" in no.text) == (400, True)
    zh = water.post("/open/steward/d/patients?lang=zh", data=form).text
    assert f"仅可代 {WATER} 签署" in zh
    plan = water.post("/open/steward/plan", data={"token": TOKEN, "plan": PLAN.format(HEALTH)})
    assert plan.status_code == 400, "the plan is the data office's"
    assert len(desk.memory.log) == before
    assert "It is open." in health.post(path, data=form).text
    close = {"token": TOKEN, "do": "close", "why": "x"}
    assert water.post("/open/steward/d/patients", data=close).status_code == 400
    assert desk.memory.opened.get("patients") is not None
    checked = water.post(path, data={**form, "do": "check"})
    assert checked.status_code == 200, "to look is nobody's alone"
