"""An address of the API: what is asked, by whom at least, and what is answered."""

from dataclasses import dataclass
from typing import Any, Literal

from mindu.console.contract.common import Role

Method = Literal["GET", "POST", "DELETE"]
PAGED = ("limit", "after")
ROOT = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of the API."""

    name: str
    method: Method = "GET"
    path: str
    says: str
    least: Role = "viewer"
    query: tuple[str, ...] = ()
    body: Any = None
    answer: Any = None  # None: bytes or a stream
    kind: str = "application/json"
    timed: bool = True  # takes `?at=`
    apart: bool = False  # is answered without holding up the board
