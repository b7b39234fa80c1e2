"""Measures: values and units as people read them; what machines are told stays as declared."""

from mindu.base.records import Words
from mindu.console.words import number, shown, terms

# What a world came to in all; whatever else is told so is a count.
TOTALS = {
    "flood_m3": Words("flood, m³", "内涝水量,m³"),
    "rain_m3": Words("rain, m³", "降雨量,m³"),
    "outflow_m3": Words("outflow, m³", "排出量,m³"),
    "pumped_m3": Words("pumped, m³", "抽排量,m³"),
    "energy_kwh": Words("energy, kWh", "能耗,kW·h"),
}


def amount(value: float, unit: str) -> str:
    """Return a value in three figures; a whole count has no decimals."""
    return f"{value:,.0f}" if not shown(unit) and value.is_integer() else number(value)


def measure(value: float, unit: str) -> str:
    """Return a value beside its unit."""
    return f"{amount(value, unit)} {shown(unit)}".rstrip()


def total(name: str, value: float) -> tuple[Words, str]:
    """Return what a total is called, and how much it is."""
    return TOTALS.get(name) or terms(name), amount(value, TOTALS[name].en if name in TOTALS else "")
