"""The small town: its measures and what stands in it; town.inp draws the same for SWMM."""

from datetime import UTC, datetime

from mindu.apps.water.kinds import Gate, Junction, Node, Outfall, Pump, RainGauge, Storage, Waters
from mindu.city import Entity

START = datetime(2026, 6, 1, tzinfo=UTC)  # town.inp begins with it
LAKE, RIVER = 60_000.0, 40_000.0  # m2 of water
HILLS, TOWN = 1_100_000.0, 1_500_000.0  # m2 of land
BANK = 3.0  # m, of both
WARN = 2.4
BED = {"lake": 1.0, "river": 0.0, "sea": 0.0}  # m
PUMP = 5.0  # m3/s
GATE, SLUICE = 3.0, 8.0  # m3/s at a head of one metre, fully open


def things() -> tuple[Entity, ...]:
    """Return what stands in the town."""
    return (
        Waters(id="town", name_en="The town", name_zh="小镇", origin="made up"),
        RainGauge(id="rain", name_en="Town hall", name_zh="镇公所", x=0.0, y=1.0),
        Storage(
            id="lake", name_en="Upper lake", name_zh="上湖", x=0.0, y=2.0, invert=BED["lake"],
            least=0.6, area=LAKE, lands=HILLS, volume=LAKE * BANK, gates=("gate",), warn_mark=WARN,
            bank_mark=BANK,
        ),
        Junction(id="river", name_en="Mill river", name_zh="磨河", x=1.0, y=1.0, warn_mark=WARN,
            bank_mark=BANK),
        Outfall(id="sea", name_en="The sea", name_zh="海口", x=2.0, y=0.0, tidal=True),
        Node(id="mouth", name_en="Sea mouth", name_zh="入海口", x=1.8, y=0.2, bank_mark=6.0),
        Gate(
            id="gate", name_en="Lake gate", name_zh="湖闸", x=0.5, y=1.5, up="lake", down="river",
            role="storage gate", capacity=GATE,
        ),
        Gate(
            id="sluice", name_en="Sea sluice", name_zh="海闸", x=1.5, y=0.6, up="river", down="sea",
            role="outlet gate", capacity=SLUICE, flush=True, flush_high=1.6, flush_low=1.0,
        ),
        Pump(
            id="pump", name_en="Sea pump", name_zh="海口泵站", x=1.5, y=0.4, up="river",
            down="sea", role="outlet pump", capacity=PUMP,
        ),
    )  # fmt: skip
