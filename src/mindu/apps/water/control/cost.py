"""What a future costs, term by term, with weights that anybody can read and argue with.

All terms are brought to one currency: a cubic metre of water on the street counts 1.
"""

from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control.roles import Layout
from mindu.engines.hydraulics.port import Array, Future, Network

DATE = "2026-11"
BRIM = 0.8  # of a node's depth: above it the margin for what was not foreseen is being used up
OURS = "assumed by the authors; set it from the owner's tariff and maintenance books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """One exchange rate: how many cubic metres of flood a unit of this is worth."""

    value: float
    unit: str
    low: float
    high: float
    source: str = OURS
    date: str = DATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """All the rates that a plan is judged by."""

    flood: Weight = Weight(value=1.0, unit="1/m3", low=1.0, high=1.0, source="by definition")
    place: Weight = Weight(value=0.0, unit="1/m3 at marked places", low=0.0, high=10.0)
    energy: Weight = Weight(value=0.03, unit="1/kWh", low=0.0, high=0.5)
    starts: Weight = Weight(value=0.2, unit="1/start", low=0.0, high=5.0)
    moves: Weight = Weight(value=0.1, unit="1/full stroke", low=0.0, high=2.0)
    level: Weight = Weight(value=0.5, unit="1/(m h) below the ecological level", low=0.0, high=20.0)
    near: Weight = Weight(value=3.0, unit="1/node brim-full; from 0.8 of its depth", low=0, high=20)
    left: Weight = Weight(value=3e-4, unit="1/m3 in storages at the end", low=0.0, high=0.1)
    harm: Weight = Weight(value=0.5, unit="1/m3 where the rule would flood less", low=0.0, high=5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """What costs are measured with on one network: rates, places that matter, levels to keep."""

    weights: Weights
    severity: Array  # per node, 0 where no mark
    keep: Array  # per node, m: ecological or navigation depth, 0 where none
    pump: Array  # per machine, 1 for a pump
    full: Array  # per node, m: where it floods; inf at outfalls
    pond: Array  # per node, m2 of water in a storage, 0 elsewhere


def yard(
    network: Network, laid: Layout, *, weights: Weights | None = None, severity: Array | None = None
) -> Yard:
    """Build the yard; levels to keep are a third of the first depth wherever a machine draws."""
    keep = np.zeros(len(network.nodes))
    drawn = np.unique(laid.frame.up)
    keep[drawn] = np.nan_to_num(network.initial_depth[drawn]) / 3.0
    marked = np.zeros(len(network.nodes)) if severity is None else severity
    pump = laid.frame.pump.astype(float)
    deep = np.array([kind != "outfall" for kind in network.node_kind]) & (network.full_depth > 0)
    full = np.where(deep, network.full_depth, np.inf)
    held = np.nan_to_num(network.volume) / np.maximum(network.full_depth, 0.1)
    return Yard(
        weights=weights or Weights(),
        severity=marked,
        keep=keep,
        pump=pump,
        full=full,
        pond=np.where(np.array(network.node_kind) == "storage", held, 0.0),
    )


def terms(yard: Yard, future: Future, *, beside: Future | None = None) -> dict[str, float]:
    """Return each weighted term of one future, in flood-equal m3; `beside` is the robust rule's.

    An unfinished future costs infinitely much: what could not be proved is not chosen.
    """
    if not future.ok:
        return {"flood": float("inf")}
    w = yard.weights
    found = {
        "flood": w.flood.value * future.flood_m3,
        "energy": w.energy.value * float(np.nan_to_num(future.energy_kwh)),
        "starts": w.starts.value * float(np.sum(future.starts * yard.pump)),
        "moves": w.moves.value * float(np.sum(future.moves * (1.0 - yard.pump))),
    }
    if w.place.value and future.node_flood.size:
        found["place"] = w.place.value * float(future.node_flood @ yard.severity)
    if future.peak.size:
        brim = np.clip((future.peak / yard.full - BRIM) / (1.0 - BRIM), 0.0, 1.0)
        found["near"] = w.near.value * float(np.sum(brim**2))
    if future.final.size:
        found["left"] = w.left.value * float(future.final @ yard.pond)
    if len(future.t) > 1 and future.depth.size:
        step_h = float(future.t[1] - future.t[0]) / 3600.0
        short = np.clip(yard.keep - future.depth, 0.0, None)
        found["level"] = w.level.value * float(short.sum()) * step_h
    if beside is not None and beside.ok and future.node_flood.size:
        more = np.clip(future.node_flood - beside.node_flood, 0.0, None)
        found["harm"] = w.harm.value * float(more.sum())
    return found


def total(yard: Yard, future: Future, *, beside: Future | None = None) -> float:
    """Return the sum of the terms, flood-equal m3."""
    return float(sum(terms(yard, future, beside=beside).values()))
