"""Policies: Cedar, cut into prepared sets by department and purpose, and the verdict on one ask."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from zoneinfo import ZoneInfo

import cedarpy
import msgspec

from mindu.data.catalog.dataset import Dataset
from mindu.data.grants import duties as terms
from mindu.data.grants.ask import Ask, User
from mindu.data.grants.duties import Duties

CITY = ZoneInfo("Asia/Shanghai")
SLICES, ENTITIES = 2_000, 20_000  # prepared sets held ready; pairs of asker and dataset
BIGGEST, MOST = 1 << 20, 5_000  # bytes of one text; policies in all
ANY = "*"
_ROOM = files("mindu.data.grants")
SCHEMA = cedarpy.Schema.from_str((_ROOM / "schema.cedarschema").read_text(encoding="utf-8"))
GRADES = (_ROOM / "grades.cedar").read_text(encoding="utf-8")
Used = Callable[[str, str, str], int]  # uses today by policy, department and day


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy, as it was written, and where it holds."""

    id: str
    permits: bool
    told: Mapping[str, object]  # Cedar's own JSON
    departments: frozenset[str]
    purposes: frozenset[str]
    duties: Duties
    says: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on one ask: by which policies, on which duties; why not, where it is no."""

    policies: tuple[str, ...]
    version: str
    duties: Duties = field(default_factory=Duties)
    reason: str = ""
    allowed: bool = False


class Unfit(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """A text of policies that may not hold: what is wrong, and how to mend it."""


def read(text: str) -> list[Policy]:
    """Read a text of policies.

    Raises:
        Unfit: it does not parse, names what the schema does not know, or lacks a word of ours.
    """
    if len(text.encode()) > BIGGEST:
        raise Unfit(f"a text of policies holds at most {BIGGEST} bytes; part it")
    try:
        told = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as wrong:
        raise Unfit(f"this is no Cedar: {wrong}; nothing of it holds") from wrong
    if told["templates"] or told["templateLinks"]:
        raise Unfit("templates decide nothing here; write each policy out")
    checked = cedarpy.validate_policies(text, SCHEMA)
    if not checked.validation_passed:
        raise Unfit(f"a policy does not fit the schema: {checked.errors[0].error}")
    found = [_policy(one) for one in told["staticPolicies"].values()]
    ids = [policy.id for policy in found]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise Unfit(f"two policies are called {twice[0]!r}; give each an @id of its own")
    return found


class Policies:
    """Every policy that holds; what is changed is a new value of this class."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        """Take them up.

        Raises:
            Unfit: two share an id, or there are too many.
        """
        held = list(policies)
        self._all = {policy.id: policy for policy in held}
        if len(self._all) != len(held) or len(held) > MOST:
            raise Unfit(f"ids must differ and be at most {MOST}; rename or part them")
        told = [json.dumps(p.told, sort_keys=True) for p in sorted(held, key=lambda p: p.id)]
        self.version = sha256("\n".join(told).encode()).hexdigest()[:16]
        self._slices: OrderedDict[tuple[str, str, int], cedarpy.PolicySet] = OrderedDict()
        self._known: OrderedDict[tuple[object, ...], cedarpy.Entities] = OrderedDict()

    def __len__(self) -> int:
        """Count the policies."""
        return len(self._all)

    def policy(self, name: str) -> Policy | None:
        """Return the policy of that id."""
        return self._all.get(name)

    def rule(self, ask: Ask, dataset: Dataset, now: datetime, used: Used) -> Ruling:
        """Return the verdict on one dataset of an ask: no, unless a policy says yes."""
        local = now.astimezone(CITY)
        day = local.year * 10_000 + local.month * 100 + local.day
        request = {
            "principal": {"type": "User", "id": ask.who.id},
            "action": {"type": "Action", "id": ask.action},
            "resource": {"type": "Dataset", "id": dataset.name},
            "context": _context(ask, dataset, day, local.hour),
        }
        held = self._slice(ask.who.department, ask.purpose, day)
        told = cedarpy.is_authorized(request, held, self._entities(ask.who, dataset))
        said = tuple(sorted(told.diagnostics.reasons))
        if told.diagnostics.errors:
            return self._no(said, "a policy could not be worked out")
        if not told.allowed:
            why = "a policy forbids it" if said else "no policy allows it"
            return self._no(said, why)
        return self._with_duties(ask, said, f"{day}", used)

    def quota(self, name: str) -> int:
        """Return how often a policy serves a department a day; 0: as often as wanted."""
        return self._all[name].duties.quota if name in self._all else 0

    def _with_duties(self, ask: Ask, said: tuple[str, ...], day: str, used: Used) -> Ruling:
        try:
            duties = terms.together(self._all[name].duties for name in said)
        except ValueError as wrong:
            return self._no(said, str(wrong))
        for name in said:
            quota = self._all[name].duties.quota
            if quota and used(name, ask.who.department, day) >= quota:
                return self._no(said, f"the day's quota of {quota} is up")
        return Ruling(said, self.version, duties, allowed=True)

    def _no(self, said: tuple[str, ...], why: str) -> Ruling:
        return Ruling(said, self.version, reason=why)

    def _slice(self, department: str, purpose: str, day: int) -> cedarpy.PolicySet:
        key = (department, purpose, day)
        found = self._slices.get(key)
        if found is None:
            held = {p.id: p.told for p in self._all.values() if _holds(p, *key)}
            told = {"staticPolicies": held, "templates": {}, "templateLinks": []}
            found = cedarpy.PolicySet.from_json_str(json.dumps(told))
            _keep(self._slices, key, found, SLICES)
        return found

    def _entities(self, who: User, dataset: Dataset) -> cedarpy.Entities:
        key = (who, dataset.name, dataset.department, dataset.theme, dataset.grade)
        found = self._known.get(key)
        if found is None:
            user = {"department": who.department, "roles": list(who.roles)}
            held = {
                "department": dataset.department,
                "theme": dataset.theme,
                "grade": int(dataset.grade),
            }
            told = [_entity("User", who.id, user), _entity("Dataset", dataset.name, held)]
            found = cedarpy.Entities.from_json_str(json.dumps(told))
            _keep(self._known, key, found, ENTITIES)
        return found


def _context(ask: Ask, dataset: Dataset, day: int, hour: int) -> str:
    department = ask.who.department
    told = {
        "purpose": ask.purpose,
        "basis": ask.basis,
        "reference": ask.reference.partition(":")[0],
        "one": bool(ask.subject),
        "own": bool(department) and department == dataset.department,
        "day": day,
        "hour": hour,
    }
    return msgspec.json.encode(told).decode()


def _entity(kind: str, name: str, attrs: Mapping[str, object]) -> dict[str, object]:
    return {"uid": {"type": kind, "id": name}, "attrs": attrs, "parents": []}


def _keep(held: OrderedDict, key: object, value: object, most: int) -> None:  # type: ignore[type-arg]
    held[key] = value
    if len(held) > most:
        held.popitem(last=False)


def _holds(policy: Policy, department: str, purpose: str, day: int) -> bool:
    """Say whether a policy belongs to a slice: a forbidding one belongs to every one."""
    last = policy.duties.until
    if last is not None and day > last.year * 10_000 + last.month * 100 + last.day:
        return False
    return not policy.permits or (
        _in(department, policy.departments) and _in(purpose, policy.purposes)
    )


def _in(word: str, words: frozenset[str]) -> bool:
    return word in words or ANY in words


def _policy(told: dict[str, object]) -> Policy:
    notes: dict[str, str] = told.get("annotations") or {}  # type: ignore[assignment]
    name = notes.get("id", "")
    if not name:
        raise Unfit('every policy bears a name: write @id("...") above it')
    permits = told["effect"] == "permit"
    purposes = _words(notes.get("purpose", ""))
    if permits and not purposes:
        raise Unfit(f'{name} states no purpose: write @purpose("flood"), or "*" for any')
    if not permits and set(notes) - {"id", "says", "zh"}:
        raise Unfit(f"{name} forbids, so it holds everywhere: put its conditions into `when`")
    try:
        duties = terms.read(notes)
    except ValueError as wrong:
        raise Unfit(f"{name}: {wrong}") from wrong
    departments = _words(notes.get("department", ANY))
    return Policy(
        name, permits, told, departments, purposes, duties, notes.get("says", ""),
        notes.get("zh", ""),
    )  # fmt: skip


def _words(told: str) -> frozenset[str]:
    return frozenset(filter(None, (word.strip() for word in told.split(","))))
