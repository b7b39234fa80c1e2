"""Counts parts slowly, and leaves a mark where each was begun."""

import os
from pathlib import Path
from typing import Any

from mindu.data.senses.spread.part import Part, Partial, count

ROUNDS = 6  # times that a part is counted, so that a node can be killed meanwhile


def marked(part: Part) -> Partial:
    """Count a part again and again; return the last."""
    import ray  # noqa: PLC0415 - this runs on its nodes

    node: Any = ray.get_runtime_context().get_node_id()
    day = Path(part.files[0]).parent.name.removeprefix("day=")
    (Path(os.environ["MINDU_MARKS"]) / f"{day}-{node}").touch()
    for _ in range(ROUNDS - 1):
        count(part)
    return count(part)
