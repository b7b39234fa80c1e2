"""What a device is declared to be: its kind, the properties it reports, and where it stands."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from mindu.base.records import Authority, Words
from mindu.perceive.quality import INF, Bounds

DECIMALS_MOST = 9
TOGETHER = 6  # properties that are weighed together
SHAPE = (8, 512)  # readings of a window whose shape is weighed


class Stage(StrEnum):
    """Where a device stands in its life."""

    PLANNED = "planned"  # provisioned, not yet heard of
    ACTIVE = "active"
    SUSPENDED = "suspended"  # its readings are refused until it is active again
    RETIRED = "retired"  # for good; its past stays


STAGES = tuple(Stage)
HEARD = {Stage.PLANNED, Stage.ACTIVE}  # stages in which readings are taken


class Form(StrEnum):
    """What a property tells."""

    NUMBER = "number"
    COUNT = "count"  # whole numbers
    TRUTH = "truth"  # true or false
    WORDS = "words"  # a text, of few that there are: a state, a category, an address
    ANY = "any"  # any JSON


MEASURED = {Form.NUMBER, Form.COUNT}  # forms that bounds, means and detectors are of


class Prop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One property that a kind of device reports, with what it can be.

    `low`, `high`: range, in `unit`. `rate`: most change an hour. `jump`: most change between two
    readings. `still`: s that it may keep one number. `silence`: s between readings. `every`:
    declared cadence, s. `decimals`: digits after the point that are kept as scaled integers; a
    reading that has more is kept exactly, at a higher price. `datum`: the level that heights are
    over, if they are heights. `form`: what it tells, where that is no number.
    """

    name: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None
    rate: float | None = None
    jump: float | None = None
    still: float | None = None
    silence: float | None = None
    every: float | None = None
    decimals: int | None = None
    datum: str = ""
    form: Form = Form.NUMBER

    def __post_init__(self) -> None:
        """Refuse what no property can be."""
        if not self.name or len(self.name) > 200:
            raise ValueError("a property needs a name of 1 to 200 characters")
        if self.decimals is not None and not 0 <= self.decimals <= DECIMALS_MOST:
            raise ValueError(f"{self.name}: decimals go from 0 to {DECIMALS_MOST}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.name}: low {self.low} is above high {self.high}")
        told = (self.low, self.high, self.rate, self.jump, self.decimals)
        if self.form not in MEASURED and (self.datum or any(it is not None for it in told)):
            raise ValueError(f"{self.name} tells {self.form}: that has no range, rate or decimals")

    @property
    def bounds(self) -> Bounds:
        """What the property can be, where nothing is said: anything."""
        return Bounds(
            low=-INF if self.low is None else self.low,
            high=INF if self.high is None else self.high,
            rate=INF if self.rate is None else self.rate,
            jump=INF if self.jump is None else self.jump,
            still=INF if self.still is None else self.still,
            silence=INF if self.silence is None else self.silence,
        )


class Arg(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One argument of a command: a number within its range, or one of these words."""

    name: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()

    def misfit(self, told: object) -> str:
        """Return why a value does not fit, empty if it does."""
        if self.words:
            return "" if told in self.words else f"{self.name} is one of {', '.join(self.words)}"
        if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) < INF:
            return f"{self.name} is a number in {self.unit}"
        low, high = -INF if self.low is None else self.low, INF if self.high is None else self.high
        return "" if low <= told <= high else f"{self.name} goes from {low:g} to {high:g}"


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a kind of device can be told to do, and who must say yes.

    `once`: it goes out at most once, also when nobody knows whether it arrived. `authority`:
    `auto` goes out at once, `confirm` waits for the yes of another key, `advise` goes out only
    by the hand of a brain, whose own consent stands before it.
    """

    name: str
    args: tuple[Arg, ...] = ()
    once: bool = False
    authority: Authority = Authority.CONFIRM

    def misfit(self, args: Mapping[str, object]) -> str:
        """Return why arguments do not fit, empty if they do."""
        strange = sorted(args.keys() ^ {arg.name for arg in self.args})
        if strange:
            return f"{self.name} takes {[a.name for a in self.args]}, not {sorted(args)}"
        return next((why for arg in self.args if (why := arg.misfit(args[arg.name]))), "")


class Keep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many days readings are kept, and where; None is for ever.

    `hand`: in the tables at hand. `cold`: after that in the cold folder. Then only rollups tell of
    them, for `rolls` days in all. `legal`: days that an article of law, `basis`, wants readings.
    """

    hand: int | None = None
    cold: int | None = 0
    rolls: int | None = None
    legal: int = 0
    basis: str = ""

    def __post_init__(self) -> None:
        """Refuse what would lose readings that the law wants, or lose rollups before them."""
        told = (self.hand, self.cold, self.rolls, self.legal)
        if any(days is not None and days < 0 for days in told) or self.hand == 0:
            raise ValueError(
                "days of keeping are whole numbers; readings are at hand for 1 or more"
            )
        if self.hand is None and self.cold:
            raise ValueError(
                "what is at hand for ever never goes cold: say how many days `hand` is"
            )
        if self.legal and not self.basis:
            raise ValueError("`legal` days need a `basis`: the article that wants them")
        days = self.raw
        if days is not None and days < self.legal:
            raise ValueError(f"{self.basis} wants {self.legal} days, but hand and cold give {days}")
        if self.rolls is not None and (days is None or self.rolls < days):
            raise ValueError("rollups are kept at least as long as the readings that they sum up")

    @property
    def raw(self) -> int | None:
        """Days that a reading itself is kept."""
        return None if self.hand is None or self.cold is None else self.hand + self.cold


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of device: what it is called, what it reports, and how long that is kept.

    `detect`: properties of which every reading is held against its past as it comes. `together`:
    sets of 2 to 6 of them that are also weighed against each other. `shape`: of how many readings
    the window of a property is whose shape is held against the windows before it.
    """

    name: str
    props: tuple[Prop, ...]
    says: Words | None = None
    commands: tuple[Command, ...] = ()
    keep: Keep | None = None
    detect: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    shape: dict[str, int] = {}

    def __post_init__(self) -> None:
        """Refuse a kind that names a property twice."""
        names = [prop.name for prop in self.props]
        if not self.name:
            raise ValueError("a kind of device needs a name")
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name} names a property twice: {names}")
        if len({command.name for command in self.commands}) < len(self.commands):
            raise ValueError(f"{self.name} names a command twice")
        weighed = {it for them in self.together for it in them} | self.shape.keys()
        strange = {*self.detect} - {*names} | weighed - {*self.detect}
        if strange:
            raise ValueError(f"{self.name} detects {sorted(strange)}, which it does not report")
        if any(it.form not in MEASURED and it.name in self.detect for it in self.props):
            raise ValueError(f"{self.name} detects what is no number")
        if any(not 2 <= len(set(them)) == len(them) <= TOGETHER for them in self.together):
            raise ValueError(f"{self.name}: 2 to {TOGETHER} properties are weighed together")
        if any(not SHAPE[0] <= window <= SHAPE[1] for window in self.shape.values()):
            raise ValueError(f"{self.name}: a shape is of {SHAPE[0]} to {SHAPE[1]} readings")


class Device(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One device. `zero`: height of its zero over the datum of its kind, in the property's unit."""

    id: str
    kind: str
    lon: float | None = None  # WGS 84, degrees
    lat: float | None = None
    group: str = ""
    zero: float = 0.0
    stage: Stage = Stage.PLANNED
    facts: dict[str, str | float | bool] = {}  # firmware, owner, maker …

    def __post_init__(self) -> None:
        """Refuse what no device can be."""
        if not self.id or len(self.id) > 500:
            raise ValueError("a device needs an id of 1 to 500 characters")
        if (self.lon is None) != (self.lat is None):
            raise ValueError(f"{self.id}: give both lon and lat, or neither")
        if self.lon is not None and not -180 <= self.lon <= 180:
            raise ValueError(f"{self.id}: lon {self.lon} is not between -180 and 180")
        if self.lat is not None and not -90 <= self.lat <= 90:
            raise ValueError(f"{self.id}: lat {self.lat} is not between -90 and 90")
