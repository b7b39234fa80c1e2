"""JSON over HTTP, page by page; what is too big, too many or elsewhere is refused."""

import os
import urllib.error
import urllib.request
import zlib
from collections.abc import Generator
from http.client import HTTPException
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from mindu.data.collect.declare import Source, Web
from mindu.data.collect.part import Broken, Cursor, Part
from mindu.edge.collect.objects import decoded, listed, part, pointed
from mindu.edge.straight import STRAIGHT

MOST_PAGE = 64 << 20  # bytes of one answer, folded or not
MOST_HELD, MOST_VALUES = 2_000_000, 8_000_000  # objects and lists, values: some 500 MB in memory
_PIECE = 1 << 20  # bytes unfolded at once
PATIENCE = 30.0  # s for one answer
TRIES = 3


class Pages:
    """The pages of one address."""

    def __init__(self, source: Source, read: Web) -> None:
        """Read them with the key that an environment variable holds, if one is named."""
        self._source, self._read = source, read

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield pages from the cursor on.

        Raises:
            Broken: nobody answers, the answer is no JSON, or the pages do not end.
        """
        read = self._read
        row, page = int(cursor.get("row", 0)), int(cursor.get("page", read.first))
        url = str(cursor.get("url", "")) or self._first(mark)
        if cursor.get("ended"):
            return
        for _ in range(read.pages):
            told = decoded(asked(self._paged(url, page), read.key_env), "the answer")
            rows = listed(pointed(told, read.pointer), "the answer")
            after = self._after(told, url)
            ended = not after and (not read.page or not rows)
            page += 1
            going: Cursor = {"row": row + len(rows), "page": page, "url": after or url,
                             "ended": int(ended)}  # fmt: skip
            if rows:
                yield part(self._source, rows, row + 1, going)
            row, url = row + len(rows), after or url
            if ended:
                return
        raise Broken(f"the pages do not end after {read.pages}: raise `pages`, or mend `next`")

    def _first(self, mark: str) -> str:
        return with_query(self._read.url, {self._read.since: mark} if self._read.since and mark
                          else {})  # fmt: skip

    def _paged(self, url: str, page: int) -> str:
        return with_query(url, {self._read.page: str(page)}) if self._read.page else url

    def _after(self, told: object, url: str) -> str:
        if not self._read.next:
            return ""
        try:
            after = pointed(told, self._read.next)
        except Broken:
            return ""
        if not isinstance(after, str) or not after:
            return ""
        there = urljoin(url, after)
        if urlsplit(there)[:2] != urlsplit(self._read.url)[:2]:
            raise Broken("the next page lies on another host: our key does not go there")
        return there


def with_query(url: str, more: dict[str, str]) -> str:
    """Return an address with more in its query."""
    if not more:
        return url
    parts = urlsplit(url)
    query = "&".join(told for told in (parts.query, urlencode(more)) if told)
    return urlunsplit(parts._replace(query=query))


def asked(url: str, key_env: str = "") -> bytes:
    """Return the body of an answer.

    Raises:
        Broken: nobody answers, or not as asked; the error names no address with its query.
    """
    where = urlunsplit(urlsplit(url)._replace(query="", fragment="", netloc=_host(url)))
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Broken(f"{where}: only http and https are read")
    key = os.environ.get(key_env, "") if key_env else ""
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip"} | (
        {"Authorization": f"Bearer {key}"} if key else {}
    )
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked above
    for _ in range(TRIES):
        try:
            with STRAIGHT.open(request, timeout=PATIENCE) as answer:
                body: bytes = answer.read(MOST_PAGE + 1)
                folded = str(answer.headers.get("Content-Encoding", ""))
        except urllib.error.HTTPError as wrong:
            with wrong:
                raise Broken(f"{where} answers {wrong.code}{_advice(wrong.code)}") from None
        except (HTTPException, OSError):
            continue
        return _opened(body, folded, where)
    raise Broken(f"{where} does not answer: check the address, then pull again to go on")


def _opened(body: bytes, encoding: str, where: str) -> bytes:
    """Return the body of an answer as it was before it was folded, if it may become objects.

    Raises:
        Broken: it is folded in another way, torn, or unfolds to more than is taken.
    """
    how = encoding.strip().lower()
    if how in {"", "identity"}:
        plain = body
    elif how in {"gzip", "x-gzip", "deflate"}:
        plain = _unfolded(body, where)
    else:
        raise Broken(f"{where}: an answer is folded as {how[:20]!r}, which nobody asked for")
    if len(plain) > MOST_PAGE:
        raise Broken(f"{where}: a page has more than {MOST_PAGE >> 20} MB")
    held, values = plain.count(b"{") + plain.count(b"["), plain.count(b",")
    if held > MOST_HELD or values > MOST_VALUES:
        raise Broken(
            f"{where}: a page has more than {MOST_HELD:,} objects or {MOST_VALUES:,} values; "
            "ask for smaller ones"
        )
    return plain


def _unfolded(body: bytes, where: str) -> bytes:
    """Unfold some at a time, and stop beyond the limit: a bomb never lies whole in memory."""
    gate, found = zlib.decompressobj(47), bytearray()  # 47: gzip or zlib, by how it begins
    try:
        while body and not gate.eof and len(found) <= MOST_PAGE:
            found += gate.decompress(body, _PIECE)
            body = gate.unconsumed_tail
    except zlib.error:
        raise Broken(f"{where}: an answer is folded, and torn") from None
    if not gate.eof and len(found) <= MOST_PAGE:
        raise Broken(f"{where}: an answer is folded, and torn")
    return bytes(found)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")


def _advice(code: int) -> str:
    if code in {401, 403}:
        return ": check the key in the variable that `key_env` names"
    if code in {429, 503}:
        return ": it asks to wait; the next pull goes on"
    return ": check the address" if code in {301, 302, 307, 308, 404} else ""
