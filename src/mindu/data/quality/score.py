"""Scores: what audits come to by department, and whether it gets better."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import msgspec

from mindu.data.quality.rules import Report
from mindu.data.senses.memory.delta import whole

KEPT = 200  # audits of a dataset that are kept
LATELY = 5  # audits that a trend is taken over


class Score(NamedTuple):
    """How a department's datasets stand: 0 to 100, and by how much that changed lately."""

    department: str
    datasets: int
    score: float
    trend: float
    worst: tuple[str, float]
    broken: int  # rules that do not hold


def scores(audits: Mapping[str, Sequence[Report]], whose: Mapping[str, str]) -> list[Score]:
    """Return a score for each department, lowest first; `audits` by dataset, oldest first."""
    by: dict[str, list[Sequence[Report]]] = {}
    for dataset, reports in audits.items():
        if reports:
            by.setdefault(whose.get(dataset, ""), []).append(reports)
    found = []
    for department, told in by.items():
        last = [reports[-1] for reports in told]
        worst = min(last, key=lambda report: report.score)
        found.append(
            Score(
                department,
                len(last),
                fmean(report.score for report in last),
                fmean(trend(reports) for reports in told),
                (worst.dataset, worst.score),
                sum(not one.held for report in last for one in report.results),
            )
        )
    return sorted(found, key=lambda score: (score.score, score.department))


def trend(reports: Sequence[Report]) -> float:
    """Return how much better the newest audit is than the mean of the few before it."""
    past = [report.score for report in reports[-1 - LATELY : -1]]
    return reports[-1].score - fmean(past) if past else 0.0


def keep(folder: Path, report: Report) -> None:
    """Keep an audit; the oldest beyond what is kept go."""
    folder.mkdir(parents=True, exist_ok=True)
    whole(folder / f"{report.at:015d}.json", msgspec.json.encode(report))
    for path in sorted(folder.glob("*.json"))[:-KEPT]:
        path.unlink()


def kept(folder: Path) -> list[Report]:
    """Return the audits that were kept, oldest first."""
    return [
        msgspec.json.decode(path.read_bytes(), type=Report)
        for path in sorted(folder.glob("*.json"))
    ]
