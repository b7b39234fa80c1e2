"""The generated tidal cities that control is measured on, each with a night of its own."""

from mindu.apps.water.cities.spec import Spec

__all__ = ["BENCH", "FRESH", "SCALE", "Spec"]

BENCH: tuple[Spec, ...] = (
    Spec(name="four-rivers", seed=1, rain_mm=150),
    Spec(name="long-storm", seed=2, rain_mm=190, rain_h=6, high_h=6.0, pump=4, hours=11),
    Spec(name="gates-only", seed=3, pump=0, rain_mm=110, high_h=5.5, level=1.8, hours=10),
    Spec(name="under-pumped", seed=4, pump=1.2, rain_mm=150),
    Spec(name="over-pumped", seed=5, pump=9, rain_mm=190),
    Spec(name="no-lakes", seed=6, lake_m2=0, pump=4, rain_mm=165, level=2.0),
    Spec(name="open-sluices", seed=7, flaps=False, rain_mm=140, high_h=5.0),
    Spec(name="uneven-gated", seed=8, uneven=0.45, cross="gated", pump=3.5, rain_mm=120),
    Spec(name="transfer", seed=9, transfer=2.0, lake_m2=20_000, rain_mm=130, pump=2),
    Spec(name="early-storm", seed=10, rain_from=1.0, high_h=3.5, rain_mm=140, hours=7),
    Spec(name="two-peaks", seed=11, rain_mm=140, again_mm=150, rain_h=2.5, high_h=6.5, hours=11),
    Spec(name="moving-storm", seed=12, gauges=2, rivers=6, reaches=6, rain_mm=170, uneven=0.2),
    Spec(name="small-lakes", seed=13, lake_m2=9_000, hills_ha=40, rivers=3, reaches=10),
    Spec(name="twenty-rivers", seed=14, rivers=20, reaches=12, pipes=3, hours=8, rain_mm=130),
)
"""Mostly 100 to 200 nodes; the last has 1,040."""

FRESH: tuple[Spec, ...] = (
    Spec(name="fresh-three", seed=101, rivers=3, reaches=9, rain_mm=135, high_h=5.0),
    Spec(name="fresh-five", seed=102, rivers=5, reaches=7, rain_mm=160, rain_h=4, pump=2.5),
    Spec(name="fresh-uneven", seed=103, uneven=0.3, rain_mm=125, high_h=6.5, level=1.9, hours=10),
    Spec(name="fresh-lakes", seed=104, lake_m2=50_000, hills_ha=50, pump=2, tide_span=5.0),
    Spec(name="fresh-open", seed=105, flaps=False, rain_mm=120, rain_from=2, pump=3.5),
)
"""Cities that nobody looked at while control was being shaped: the clean figure is theirs."""

SCALE: tuple[Spec, ...] = (
    Spec(name="scale-100", seed=21, rivers=4, reaches=8, pipes=2, hours=8),
    Spec(name="scale-1000", seed=22, rivers=20, reaches=12, pipes=3, hours=8, rain_mm=130),
    Spec(name="scale-10000", seed=23, rivers=100, reaches=20, pipes=4, hours=8),
)
"""The same city grown: 112, 1,040 and 10,400 nodes."""
