"""One strict policy: no page of any site carries a script, a style or a handler of its own.

Every browser of our tests holds each page that it is given against this.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html.parser import HTMLParser

from typing_extensions import override

SHEET = re.compile(r"style-src '(sha256-[A-Za-z0-9+/=]+)'")


class Inline(HTMLParser):
    """Finds what a policy without `unsafe-inline` would stop."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.sheets: list[str] = []
        self._sheet = False
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        loose = [name for name in told if name == "style" or name.startswith("on")]
        self.found += [f"<{tag} {name}=…>" for name in loose]
        leads = [told.get(name) or "" for name in ("href", "src", "action")]
        self.found += [one for one in leads if one.strip().lower().startswith("javascript:")]
        if tag == "script" and "src" not in told and told.get("type") != "application/json":
            self.found.append("<script>")
        self._sheet = tag == "style"

    @override
    def handle_endtag(self, tag: str) -> None:
        self._sheet = False

    @override
    def handle_data(self, data: str) -> None:
        if self._sheet:
            self.sheets.append(data)


def strict(page: str, headers: Mapping[str, str], where: str = "") -> None:
    """Hold one answer against the policy, if it is a page."""
    told = {name.lower(): value for name, value in headers.items()}
    if "text/html" not in told.get("content-type", "") or "<" not in page:
        return
    policy = told.get("content-security-policy", "")
    assert "default-src 'none'" in policy, f"{where}: no policy"
    assert "unsafe" not in policy, f"{where}: {policy}"
    assert "frame-ancestors 'none'" in policy, f"{where}: {policy}"
    looked = Inline(page)
    assert not looked.found, f"{where}: {looked.found}"
    for sheet in looked.sheets:
        named = SHEET.search(policy)
        made = b64encode(sha256(sheet.encode()).digest()).decode("ascii")
        assert named, f"{where}: a sheet of its own"
        assert named[1] == f"sha256-{made}", f"{where}: a sheet of its own"
