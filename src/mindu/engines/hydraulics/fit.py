"""Make a plan and a weather fit a request: refuse what does not, cut away what cannot matter."""

from dataclasses import replace

import numpy as np

from mindu.engines.hydraulics.port import Array, Forcing, Network, Plan


def check(plan: Plan, forcing: Forcing, network: Network) -> None:
    """Refuse a plan or a weather that does not fit, in words."""
    machines = len(network.machines)
    if plan.blocks.ndim != 2 or plan.blocks.shape[1] != machines:
        raise ValueError(f"plan {plan.name!r}: blocks must be (blocks, {machines} machines)")
    if not plan.block_s > 0 or not forcing.step_s > 0:
        raise ValueError("block_s and step_s are spans of time, above 0 s")
    for series, width, what in (
        (forcing.rain, len(network.gauges), "gauges"),
        (forcing.stage, len(network.outfalls), "outfalls"),
        (forcing.inflow, len(network.nodes), "nodes"),
    ):
        if series is not None and (series.ndim != 2 or series.shape[1] != width):
            raise ValueError(f"forcing {forcing.name!r}: rows must hold {width} {what}")
    for series, what in ((forcing.rain, "rain"), (forcing.inflow, "inflow")):
        if series is not None and not np.isfinite(series).all():
            raise ValueError(f"forcing {forcing.name!r}: every {what} must be a number")


def cut_plan(plan: Plan, span: float) -> Plan:
    """Return the plan with only the blocks that a span can reach."""
    blocks = int(max(span, 0.0) // plan.block_s) + 1
    return replace(plan, blocks=np.array(plan.blocks[:blocks], dtype=np.float64))


def cut_forcing(forcing: Forcing, start: float, end: float) -> Forcing:
    """Return the weather with only the rows that hold between start and end."""
    first = max(int((start - forcing.t0 + 1e-6) // forcing.step_s), 0)
    last = max(int((end - forcing.t0) // forcing.step_s), 0) + 1

    def rows(series: Array | None) -> Array | None:
        if series is None or not len(series):
            return None
        begin = min(first, len(series) - 1)
        return np.array(series[begin : max(last, begin + 1)], dtype=np.float64)

    return replace(
        forcing,
        t0=forcing.t0 + first * forcing.step_s,
        rain=rows(forcing.rain),
        stage=rows(forcing.stage),
        inflow=rows(forcing.inflow),
    )
