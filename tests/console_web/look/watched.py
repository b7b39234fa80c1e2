"""A page that is watched for what it must never do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from playwright.sync_api import Page, Request, Response

# Remembers who hears a click, and what the policy refused.
LISTEN = """
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (name, ...rest) {
  if (name === "click" && this instanceof Element) this.dataset.heardClick = "yes";
  return add.call(this, name, ...rest);
};
window.refusals = [];
addEventListener("securitypolicyviolation", (e) =>
  window.refusals.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


class Served(Protocol):
    """A city that is being served: where, and the address that lets its owner in once."""

    @property
    def url(self) -> str: ...

    @property
    def enter(self) -> str: ...


@dataclass
class Watched:
    """One page and what it did."""

    page: Page
    url: str
    left: list[str] = field(default_factory=list)  # requests that left the origin
    errors: list[str] = field(default_factory=list)
    lax: list[str] = field(default_factory=list)  # pages that came without a strict policy

    def go(self, path: str, until: str = "main") -> Page:
        """Open an address and wait until something is there."""
        self.page.goto(self.url.rstrip("/") + path)
        self.page.wait_for_selector(until, state="attached")
        self.page.wait_for_load_state("load")
        return self.page

    def clean(self) -> None:
        """Say what the page must never do."""
        assert not self.left, f"left the origin: {self.left[:3]}"
        assert not self.errors, self.errors[:3]
        assert not self.lax, f"no strict policy: {self.lax[:3]}"
        assert self.page.evaluate("window.refusals") == [], "the policy refused something"

    def note(self, request: Request) -> None:
        """Remember a request that leaves the origin."""
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.left.append(request.url)

    def judge(self, answer: Response) -> None:
        """Remember a page that came without a policy, or with one that lets scripts in."""
        if not answer.request.is_navigation_request() or 300 <= answer.status < 400:
            return
        policy = answer.headers.get("content-security-policy", "")
        scripts = policy.partition("script-src")[2].partition(";")[0]
        strict = "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        if not strict or "unsafe" in scripts or "*" in scripts:
            self.lax.append(f"{answer.status} {answer.url} {policy}")


Opener = Callable[..., Watched]
