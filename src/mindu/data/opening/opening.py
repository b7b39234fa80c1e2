"""An opening: one table as the public has it, since when, by whom, and how it was checked."""

from collections.abc import Mapping

import msgspec

from mindu.base.records import Value
from mindu.data.catalog.dataset import Dataset

OPENED, CLOSED, REFUSED = "dataset_opened", "dataset_closed", "opening_refused"
VOTED, HIDDEN, MET = "request_voted", "request_hidden", "request_met"
KEY_GIVEN, KEY_TAKEN = "open_key_given", "open_key_taken"
DATASET, KEY = "dataset:", "open_key:"
PLAN = "opening_plan"  # the table that a year's plan is laid down as
PLAN_COLUMNS = ("dataset", "title_zh", "title_en", "department", "due", "note")


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """A table that is open: its fields are those that go out, and no other."""

    dataset: Dataset
    seq: int  # entry that opened it
    at: int  # epoch ms
    by: str
    people: int  # fewest that are alike by the quasi-identifiers; 0: it is about nobody
    kinds: int  # fewest values of a delicate field among those; 0: there is none
    rows: int  # when it was opened
    files: str  # digest of the files that were checked
    k: int  # fewest that were asked for, then and at each new delivery
    l: int  # noqa: E741 - the letter that the measure bears everywhere
    delicate: tuple[str, ...] = ()  # fields that must differ among those who are alike
    facilities: tuple[str, ...] = ()  # fields that were declared to speak of public places
    subject: str = ""  # field of the table as it lies by which people were counted


class Closed(msgspec.Struct, frozen=True):
    """A table that was open: why it is not any more."""

    name: str
    title_en: str
    title_zh: str
    at: int  # epoch ms
    why: str
    seq: int


class Key(msgspec.Struct, frozen=True):
    """A key of the open doors: a digest, never the key; who made it is a browser, not a person."""

    id: str
    label: str
    owner: str  # the vault's name of the browser that made it
    at: int  # epoch ms


class Planned(msgspec.Struct, frozen=True):
    """One line of a year's plan, and how it stands."""

    dataset: str
    title_zh: str
    title_en: str
    department: str
    due: str  # last day, as 2026-12-31
    note: str
    state: str  # "open", "late", "planned" or "closed"


def told(args: Mapping[str, Value], *, seq: int, at: int, by: str) -> Opening:
    """Return the opening that an event tells of."""
    return Opening(
        dataset=msgspec.json.decode(str(args["dataset"]), type=Dataset), seq=seq, at=at, by=by,
        people=int(args["people"]), kinds=int(args["kinds"]), rows=int(args["rows"]),
        files=str(args["files"]), k=int(args["k"]), l=int(args["l"]),
        delicate=tuple(filter(None, str(args["delicate"]).split(","))),
        facilities=tuple(filter(None, str(args["facilities"]).split(","))),
        subject=str(args["subject"]),
    )  # fmt: skip


def written(dataset: Dataset) -> str:
    """Return a table as an event tells of it."""
    return msgspec.json.encode(dataset).decode()
