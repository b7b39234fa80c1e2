"""What a night came to by measure: with the brain, and under each hand rule in the same city."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from mindu.base.records import Words
from mindu.console.look import Look
from mindu.console.report.paper import table, word
from mindu.console.words import number, pick, term


@dataclass(frozen=True, slots=True)
class Measured:
    """The flood of one night, m³: with the brain, and by each rule, the stations' own first."""

    flood_m3: float
    by_rule: Mapping[str, float]

    @property
    def regret_m3(self) -> float:
        """Return what the best of the rules would have saved, known only afterwards."""
        return max(self.flood_m3 - min(self.by_rule.values()), 0.0)

    def told(self, look: Look) -> str:
        """Show every night as a row, and say in one sentence what the brain saved."""
        own = next(iter(self.by_rule))
        names = {
            rule: f"{term(rule, look.lang)} ({word('own', look.lang)})"
            if rule == own
            else term(rule, look.lang)
            for rule in self.by_rule
        }
        rows = [(word("brain", look.lang), f"<b>{number(self.flood_m3)}</b>")]
        rows += [
            (escape(names[rule]), number(flood))
            for rule, flood in sorted(self.by_rule.items(), key=lambda it: it[1])
        ]
        saved = self.by_rule[own] - self.flood_m3
        said = Words(
            f"Against the stations alone the brain saved {number(saved)} m³; the best hand rule, "
            f"known only afterwards, would have saved {number(self.regret_m3)} m³ more.",
            f"与仅靠泵闸站相比,大脑减少内涝 {number(saved)} m³;事后看,"
            f"最优人工规则可再减少 {number(self.regret_m3)} m³。",
        )
        return (
            f"<p>{word('measured', look.lang)}</p>{table(look, ('option', 'flood'), rows)}"
            f"<p>{escape(pick(said, look.lang))}</p>"
        )
