"""The server: one living page on loopback, from the standard library alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import compare_digest, token_urlsafe
from threading import BoundedSemaphore, Thread
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from mindu.console.api import HTML, Answer, answer, as_json, decide
from mindu.console.facts import Asked, Bad
from mindu.console.feed import Feed
from mindu.console.words import LANGS

CLIENTS = 32  # requests answered at once; more are told to come again
BODY = 8_192  # bytes of a form
PATIENCE = 15.0  # s before a silent client is let go
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Desk(ThreadingHTTPServer):
    """Serves one feed; `token` goes into every form and comes back with every decision."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, feed: Feed, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind; port 0 takes a free one."""
        super().__init__((host, port), Answering)
        self.feed = feed
        self.token = token_urlsafe(24)
        self.room = BoundedSemaphore(CLIENTS)

    @property
    def url(self) -> str:
        """Return where to look."""
        host = str(self.server_address[0])
        return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{self.server_port}/"  # noqa: S104

    def knows(self, host: str) -> bool:
        """Say whether a Host header names this desk: keeps rebound names out."""
        bound = str(self.server_address[0])
        name = urlsplit(f"//{host}").hostname or ""
        return bound == "0.0.0.0" or name in {bound, "127.0.0.1", "localhost", "::1"}  # noqa: S104


class Answering(BaseHTTPRequestHandler):
    """Turns the wire into values and values into the wire."""

    server: Desk
    server_version = "mindu"
    sys_version = ""
    timeout = PATIENCE

    def _quiet(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
        """Keep quiet: what matters is in the log of the city."""

    log_message = _quiet

    def do_GET(self) -> None:
        """Answer a reader."""
        self._guarded("GET")

    def do_HEAD(self) -> None:
        """Answer a reader who wants the headers alone."""
        self._guarded("GET")

    def do_POST(self) -> None:
        """Take a decision."""
        self._guarded("POST")

    def _guarded(self, verb: str) -> None:
        if not self.server.room.acquire(blocking=False):
            self._send(as_json({"error": "too many readers; come again in a second"}, 503))
            return
        try:
            found = self._read() if verb == "GET" else self._decide()
        except Bad as wrong:
            found = as_json({"error": str(wrong)}, wrong.status)
        finally:
            self.server.room.release()
        self._send(found)

    def _asked(self) -> Asked:
        if not self.server.knows(self.headers.get("Host", "")):
            raise Bad(421, "this desk does not go by that name")
        where = urlsplit(self.path)
        try:
            jar = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            jar = SimpleCookie()
        return Asked(
            path=unquote(where.path),
            query=dict(parse_qsl(where.query, max_num_fields=20)),
            cookies={name: morsel.value for name, morsel in jar.items()},
            language=self.headers.get("Accept-Language", ""),
        )

    def _read(self) -> Answer:
        try:
            return answer(self.server.feed, self._asked(), self.server.token)
        except ValueError as wrong:
            if isinstance(wrong, Bad):
                raise
            raise Bad(400, str(wrong)) from wrong

    def _decide(self) -> Answer:
        asked = self._asked()
        if asked.path != "/decide":
            raise Bad(404, "only /decide takes a form")
        form = self._form()
        origin = self.headers.get("Origin")
        if origin and urlsplit(origin).netloc != self.headers.get("Host"):
            raise Bad(403, "the form came from another site")
        if not compare_digest(form.get("token", "").encode(), self.server.token.encode()):
            raise Bad(403, "the form is stale or not ours: load the page again")
        decide(self.server.feed, form, asked.lang)
        if "application/json" in self.headers.get("Accept", ""):
            return as_json({"ok": True})
        assert asked.lang in LANGS
        return Answer(303, HTML, b"")

    def _form(self) -> dict[str, str]:
        told = self.headers.get("Content-Length", "")
        if not told.isdigit():
            raise Bad(411, "a form says how long it is")
        if int(told) > BODY:
            raise Bad(413, f"a form has at most {BODY} bytes")
        try:
            text = self.rfile.read(int(told)).decode("utf-8")
            return dict(parse_qsl(text, max_num_fields=10))
        except ValueError as wrong:
            raise Bad(400, "the form cannot be read") from wrong

    def _send(self, found: Answer) -> None:
        report = urlsplit(self.path).path == "/report"
        self.send_response(found.status)
        headers = {
            "Content-Type": found.kind,
            "Content-Length": str(len(found.body)),
            "Content-Security-Policy": REPORT_POLICY if report else POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        for cookie in found.cookies:
            self.send_header("Set-Cookie", cookie)
        if found.status == 303:
            self.send_header("Location", "/?" + urlencode({"taken": 1}))
        if found.status == 503:
            self.send_header("Retry-After", "1")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)


@contextmanager
def serving(feed: Feed, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Desk]:
    """Serve until the block ends, then free the port."""
    desk = Desk(feed, host=host, port=port)
    thread = Thread(target=desk.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        desk.shutdown()
        desk.server_close()
        thread.join(timeout=5)
