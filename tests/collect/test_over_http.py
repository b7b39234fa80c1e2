"""An office that answers over HTTP: page by page, folded, with bombs, and with what is refused."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from sources import one, placed, pulled, rows
from typing_extensions import override

from mindu.data.collect import declare as d
from mindu.data.collect.part import Broken


def bomb() -> bytes:
    """Return a gigabyte of blanks behind a bracket, folded to a megabyte."""
    gate = zlib.compressobj(9, wbits=31)
    some = b" " * (1 << 20)
    return b"".join(
        [gate.compress(b"["), *(gate.compress(some) for _ in range(1024)), gate.flush()]
    )


_TOLD = gzip.compress(json.dumps({"rows": [one(i) for i in range(10)]}).encode())
FOLDED = {
    "/gzip": ("gzip", _TOLD),
    "/torn": ("gzip", _TOLD[:-12]),
    "/bomb": ("gzip", bomb()),
    "/brotli": ("br", _TOLD),
    "/lists": ("gzip", gzip.compress(b"[" + b"[]," * 2_000_001 + b"[]]")),
    "/values": ("gzip", gzip.compress(b"[" + b"1," * 8_000_001 + b"1]")),
    "/deep": ("gzip", gzip.compress(b"[" * 100_000)),
}


class Served(BaseHTTPRequestHandler):
    """A city office that tells its places ten a page, and sometimes other things."""

    def do_GET(self) -> None:  # noqa: PLR0911 - one line an address
        """Answer."""
        url = urlsplit(self.path)
        page = int(parse_qs(url.query).get("page", ["1"])[0])
        if self.headers.get("Authorization") not in {None, "Bearer s3cret"}:
            return self._say(401, {})
        if url.path in FOLDED:
            return self._folded(*FOLDED[url.path])
        if url.path == "/away":
            return self._say(302, {}, location="http://127.0.0.1:1/")
        if url.path == "/elsewhere":
            return self._say(200, {"rows": [one(1)], "next": "http://127.0.0.1:1/page"})
        after = f"/places?page={page + 1}" if page < 3 else None
        return self._say(200, {"rows": [one(10 * page + i) for i in range(10)], "next": after})

    def _say(self, code: int, told: object, *, location: str = "") -> None:
        body = json.dumps(told).encode()
        self.send_response(code)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _folded(self, how: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", how)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@contextmanager
def office() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Served)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_answer_that_comes_folded_is_opened_and_a_bomb_is_not(tmp_path: Path) -> None:
    with office() as url:
        read = d.Web(url=f"{url}/gzip", pointer="/rows")
        assert pulled(tmp_path / "gzip", placed(read)).account.stored == 10
        tracemalloc.start()
        for path, said in (
            ("torn", "folded, and torn"), ("brotli", "folded as 'br'"),
            ("bomb", "more than 64 MB"), ("lists", "more than 2,000,000 objects"),
            ("values", "8,000,000 values"), ("deep", "nested too deep"),
        ):  # fmt: skip
            with pytest.raises(Broken, match=said):
                pulled(tmp_path / path, placed(d.Web(url=f"{url}/{path}", pointer="/rows")))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 256 << 20, "a gigabyte never lies in memory"


def test_http_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_KEY", "s3cret")
    with office() as url:
        read = d.Web(url=f"{url}/places", pointer="/rows", next="/next", key_env="OFFICE_KEY")
        done = pulled(tmp_path / "held", placed(read))
        assert [row[0] for row in rows(tmp_path / "held")] == list(range(10, 40))
        assert done.account.received == 30
        for path, told in (("away", "answers 302: check the address"), ("elsewhere", "other host")):
            with pytest.raises(Broken, match=told):
                pulled(tmp_path / path, placed(d.Web(url=f"{url}/{path}", pointer="/rows",
                                                     next="/next")))  # fmt: skip
        endless = d.Web(url=f"{url}/places?secret=42", pointer="/rows", page="page", pages=3)
        with pytest.raises(Broken, match="do not end after 3"):
            pulled(tmp_path / "endless", placed(endless))
        monkeypatch.setenv("OFFICE_KEY", "wrong-key")
        with pytest.raises(Broken, match="answers 401: check the key") as wrong:
            pulled(tmp_path / "key", placed(read))
        assert "wrong-key" not in str(wrong.value)
    with pytest.raises(Broken, match="does not answer") as gone:
        pulled(tmp_path / "gone", placed(d.Web(url=f"{url}/p?token=42")))
    assert "42" not in str(gone.value).split("/p")[1]
    with pytest.raises(Broken, match="only http"):
        pulled(tmp_path / "file", placed(d.Web(url="file:///etc/passwd")))
