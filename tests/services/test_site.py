"""The site as a browser without script sees it: from the first page to the tracking number."""

import asyncio
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from services_desk import CHILD, NOW, hall, open_nodes
from strict import strict

from mindu.apps.services.numbers import instance_of
from mindu.apps.services.rating import Ratings
from mindu.apps.services.web import apply
from mindu.apps.services.web.doors import application
from mindu.apps.services.web.often import HAND_INS, MOST, Often
from mindu.apps.services.web.site import Site


class Browser:
    """Asks the site over ASGI and keeps its cookies."""

    def __init__(self) -> None:
        counter = hall()
        ratings = Ratings(counter)
        ratings.open(NOW)
        self.names = iter(f"applicant{n}" for n in range(9))
        self.now, self.address = NOW, "192.0.2.1"
        self.site = Site(counter, ratings, lambda: self.now, lambda: next(self.names), b"secret")
        self.app = application(self.site, apply.routes(self.site))
        self.cookies: dict[str, str] = {}
        self.status, self.body, self.headers = 0, "", dict[str, str]()

    def get(self, path: str) -> "Browser":
        return self._ask("GET", path, b"")

    def post(self, path: str, **fields: Any) -> "Browser":  # noqa: ANN401
        found = re.search(r'name="_token" value="([^"]*)"', self.body)
        told = {"_token": found[1] if found else "", **fields}
        return self._ask("POST", path, urlencode(told, doseq=True).encode())

    def _ask(self, method: str, path: str, body: bytes) -> "Browser":
        where, _, query = path.partition("?")
        headers = [(b"content-type", b"application/x-www-form-urlencoded"),
                   (b"content-length", str(len(body)).encode()),
                   (b"cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()).encode()),
                   (b"host", b"city.test"), (b"accept-language", b"zh-CN")]  # fmt: skip
        scope = {"type": "http", "method": method, "path": where, "query_string": query.encode(),
                 "headers": headers, "scheme": "http", "server": ("city.test", 80),
                 "http_version": "1.1", "root_path": "",
                 "client": (self.address, 4000)}  # fmt: skip
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
            sent.append(dict(message))

        asyncio.run(self.app(scope, receive, send))
        self.status = sent[0]["status"]
        self.body = b"".join(one.get("body", b"") for one in sent[1:]).decode()
        pairs = [(k.decode(), v.decode()) for k, v in sent[0]["headers"]]
        self.headers = dict(pairs)
        strict(self.body, self.headers, path)
        for name, value in pairs:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return self.get(self.headers["location"]) if self.status == 303 else self


class Sound(HTMLParser):
    """Finds inputs without a label, and ids that are there twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.inputs: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # type: ignore[explicit-override]
        told = dict(attrs)
        if told.get("id"):
            self.ids.append(str(told["id"]))
        if tag == "label" and told.get("for"):
            self.labels.add(str(told["for"]))
        if tag in {"input", "textarea", "select"} and told.get("type") != "hidden":
            self.inputs.add(str(told.get("id")))


def sound(text: str) -> None:
    page = Sound(text)
    assert page.inputs <= page.labels, "every input has a label"
    assert len(set(page.ids)) == len(page.ids), "no id is there twice"
    assert re.search(r'<html lang="(zh-CN|en)"', text)


def test_a_family_goes_from_the_first_page_to_a_number_without_script() -> None:
    browser = Browser()
    assert "新生儿出生一件事" in browser.get("/").body
    browser.get("/newborn/")
    package = browser.site.counter.packages["newborn"]
    for page in package.filled().pages:
        sound(browser.body)
        assert page.title.zh in browser.body
        told = {n: ("true" if CHILD[n] is True else CHILD[n]) for n in page.fields}
        browser.post(f"/newborn/{page.id}?lang=zh", _go="on", **told)
    assert "核对并提交" in browser.body
    sound(browser.body)
    browser.post("/newborn/check?lang=zh")
    found = re.search(r"办件编号 (MD\d{10})", browser.body)
    assert found, browser.body
    number = found[1]
    assert "data:image/svg+xml" in browser.body
    assert open_nodes(browser.site.counter, instance_of(number)) == ["accept"]
    shown = browser.get(f"/progress?number={number}&lang=zh").body
    assert "综合窗口正在受理审查" in shown
    assert shown.count("受理后开始") == 6
    assert "等待前置事项" not in shown
    assert "default-src 'none'" in browser.headers["content-security-policy"]


def test_a_wrong_answer_is_told_in_a_summary_that_takes_the_focus() -> None:
    browser = Browser()
    browser.get("/newborn/")
    browser.post("/newborn/situation?lang=zh", _go="on", settle_with="mother", married="true")
    browser.post("/newborn/child?lang=zh", _go="on", child_name="", sex="female", born="yesterday")
    assert browser.status == 422
    assert 'role="alert"' in browser.body
    assert "autofocus" in browser.body
    assert 'aria-invalid="true"' in browser.body
    assert 'aria-describedby="h-born e-born"' in browser.body
    assert 'href="#f-born"' in browser.body
    sound(browser.body)
    assert "There is a problem" not in browser.body
    assert "Name of the child" in browser.get("/newborn/child?lang=en").body


def test_a_draft_waits_and_a_foreign_form_is_not_taken() -> None:
    browser = Browser()
    browser.get("/newborn/")
    browser.post("/newborn/situation?lang=zh", _go="later", settle_with="father")
    assert "草稿已保存" in browser.body
    assert 'value="father" checked' in browser.get("/newborn/situation").body
    browser.body = ""
    assert browser.post("/newborn/situation", settle_with="mother").status == 403
    assert browser.get("/nothing/here").status == 404
    assert browser.get("/progress?number=MD0000000100").status == 404


def test_a_forged_cookie_makes_nobody_another_applicant() -> None:
    browser = Browser()
    browser.get("/newborn/")
    mine = browser.cookies["mindu_applicant"]
    browser.cookies["mindu_applicant"] = "applicant0.0123456789abcdef"
    browser.get("/newborn/")
    assert browser.cookies["mindu_applicant"] != mine
    assert browser.cookies["mindu_applicant"].startswith("applicant1.")


def test_nobody_counts_tracking_numbers_up_and_others_still_look() -> None:
    browser = Browser()
    tried = [browser.get(f"/progress?number=MD{n:010d}").status for n in range(61)]
    assert tried == [404] * 60 + [429]
    assert "请 1 分钟后再试" in browser.body
    assert browser.headers["retry-after"] == "7", "600 an hour: one every six seconds"
    assert "default-src 'none'" in browser.headers["content-security-policy"]
    browser.cookies.clear()
    assert browser.get("/progress?number=MD0000000100&lang=en").status == 429, "no new cookie helps"
    assert "Try again in 1 min" in browser.body
    assert browser._ask("HEAD", "/progress?number=MD0000000100", b"").status == 429
    assert browser.get("/rate?number=MD0000000100&stars=1").status == 429, "nor does another door"
    browser.address = "192.0.2.2"
    assert browser.get("/progress?number=MD0000000100").status == 404
    browser.address, browser.now = "192.0.2.1", NOW + timedelta(seconds=6)
    assert browser.get("/progress?number=MD0000000100").status == 404


def test_answers_and_hand_ins_have_a_rate_and_reading_the_form_has_none() -> None:
    browser = Browser()
    browser.get("/newborn/")
    tried = [browser.post("/newborn/check?lang=zh").status for _ in range(21)]
    assert tried == [422] * 20 + [429]
    first = "/newborn/situation?lang=zh"
    browser.get(first)
    saved = []
    for _ in range(121):
        saved.append(browser.post(first, _go="later").status)
        browser.get(first)
    assert saved == [200] * 120 + [429]
    assert browser.status == 200, "the form can still be read"


def test_a_link_rates_nothing() -> None:
    browser = Browser()
    browser.get("/rate?number=1&stars=1&said=bad")
    assert browser.status == 405
    assert not [score for score in browser.site.ratings.scores(NOW) if score.ratings]


def test_only_so_many_addresses_are_remembered() -> None:
    often = Often()
    for n in range(MOST + 5):
        often.wait(HAND_INS, str(n), NOW)
    assert len(often._held) == MOST
