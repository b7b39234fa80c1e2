"""Units of the same quantity, and the numbers that turn one into another.

Symbols are UCUM's; what people write instead (`°C`, `m³/s`, `l/s`) is understood as well.
Factors are exact by definition: the SI brochure, 9th edition, and NIST SP 811 for others.
"""

from functools import lru_cache

# quantity -> unit -> (factor, offset): number in the base unit = number * factor + offset
_QUANTITIES: dict[str, dict[str, tuple[float, float]]] = {
    "length": {
        "m": (1, 0), "km": (1e3, 0), "dm": (1e-1, 0), "cm": (1e-2, 0), "mm": (1e-3, 0),
        "um": (1e-6, 0), "[ft_i]": (0.3048, 0), "[in_i]": (0.0254, 0),
    },
    "temperature": {"K": (1, 0), "Cel": (1, 273.15), "[degF]": (5 / 9, 459.67 * 5 / 9)},
    "pressure": {
        "Pa": (1, 0), "hPa": (1e2, 0), "kPa": (1e3, 0), "MPa": (1e6, 0), "bar": (1e5, 0),
        "mbar": (1e2, 0), "m[H2O]": (9806.65, 0), "mm[Hg]": (133.322387415, 0),
        "[psi]": (6894.757293168, 0), "atm": (101325, 0),
    },
    "flow": {
        "m3/s": (1, 0), "L/s": (1e-3, 0), "m3/h": (1 / 3600, 0), "L/min": (1e-3 / 60, 0),
        "m3/d": (1 / 86400, 0), "L/h": (1e-3 / 3600, 0),
    },
    "speed": {
        "m/s": (1, 0), "km/h": (1 / 3.6, 0), "mm/h": (1e-3 / 3600, 0), "cm/s": (1e-2, 0),
        "mm/min": (1e-3 / 60, 0), "mm/d": (1e-3 / 86400, 0), "[kn_i]": (1852 / 3600, 0),
    },
    "volume": {"m3": (1, 0), "L": (1e-3, 0), "mL": (1e-6, 0)},
    "area": {"m2": (1, 0), "km2": (1e6, 0), "har": (1e4, 0)},
    "ratio": {"1": (1, 0), "%": (1e-2, 0), "[ppth]": (1e-3, 0), "[ppm]": (1e-6, 0)},
    "voltage": {"V": (1, 0), "mV": (1e-3, 0), "kV": (1e3, 0)},
    "current": {"A": (1, 0), "mA": (1e-3, 0)},
    "power": {"W": (1, 0), "kW": (1e3, 0), "MW": (1e6, 0)},
    "energy": {"J": (1, 0), "kJ": (1e3, 0), "MJ": (1e6, 0), "W.h": (3600, 0), "kW.h": (3.6e6, 0)},
    "mass": {"kg": (1, 0), "g": (1e-3, 0), "mg": (1e-6, 0), "t": (1e3, 0)},
    "concentration": {
        "g/m3": (1, 0), "mg/L": (1, 0), "ug/m3": (1e-6, 0), "mg/m3": (1e-3, 0), "ug/L": (1e-3, 0),
        "g/L": (1e3, 0), "kg/m3": (1e3, 0),
    },
    "time": {"s": (1, 0), "ms": (1e-3, 0), "min": (60, 0), "h": (3600, 0), "d": (86400, 0)},
    "angle": {"deg": (1, 0), "rad": (57.29577951308232, 0)},
    "conductivity": {"S/m": (1, 0), "mS/cm": (1e-1, 0), "uS/cm": (1e-4, 0)},
}  # fmt: skip

_WRITTEN = {
    "°C": "Cel", "℃": "Cel", "degC": "Cel", "°F": "[degF]", "m³/s": "m3/s", "m³/h": "m3/h",
    "m³": "m3", "m²": "m2", "l/s": "L/s", "lps": "L/s", "l": "L", "µg/m³": "ug/m3",
    "μg/m³": "ug/m3", "mg/l": "mg/L", "ft": "[ft_i]", "in": "[in_i]", "psi": "[psi]", "ha": "har",
    "kWh": "kW.h", "Wh": "W.h", "mmHg": "mm[Hg]", "mH2O": "m[H2O]", "°": "deg", "ppm": "[ppm]",
    "percent": "%", "kmh": "km/h", "µS/cm": "uS/cm", "μS/cm": "uS/cm", "CEL": "Cel", "MTR": "m",
    "P1": "%", "": "", "none": "1",
}  # fmt: skip


@lru_cache(maxsize=4096)
def turned(told: str, kept: str) -> tuple[float, float] | None:
    """Return (factor, offset) that turn numbers in `told` into `kept`; None if they cannot be.

    An empty `told` means the unit that was declared.
    """
    told, kept = _WRITTEN.get(told, told), _WRITTEN.get(kept, kept)
    if told in {"", kept}:
        return 1.0, 0.0
    for units in _QUANTITIES.values():
        if told in units and kept in units:
            (a, b), (c, d) = units[told], units[kept]
            return a / c, (b - d) / c
    return None
