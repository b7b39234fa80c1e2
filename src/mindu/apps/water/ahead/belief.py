"""What is held of the rain gauges' factors and of the channels' roughness, and how surely."""

from dataclasses import dataclass

import numpy as np

from mindu.engines.hydraulics.port import Array

LEAST, MOST = 0.3, 3.0  # range of a factor, gauged rain to felt rain
FIRST_SD = 0.35  # log units: what a rain gauge may be off by before anything is known
APART_SD = 0.15  # log units: how much gauges may differ from each other
WANDER = 0.04  # log units a step of five minutes: how fast the rain's factor may change
ROUGHER = 1.3  # times Manning's n: the rougher twin
ROUGH_SD = 0.15  # log units: what the file's roughness may be off by
ROUGH_WANDER = 0.004  # log units a step
ROUGH_MOST = 0.5  # log units either way


@dataclass(slots=True)
class Belief:
    """Logs of one factor a rain gauge, then of the roughness; their mean and covariance."""

    gauges: int
    mean: Array
    cov: Array

    @classmethod
    def first(cls, gauges: int, *, rough: bool) -> "Belief":
        """Begin with gauges that are right on average, and mostly wrong together."""
        n = gauges + rough
        cov = np.zeros((n, n))
        cov[:gauges, :gauges] = FIRST_SD**2 + APART_SD**2 * np.eye(gauges)
        if rough:
            cov[gauges, gauges] = ROUGH_SD**2
        return cls(gauges=gauges, mean=np.zeros(n), cov=cov)

    @property
    def rain(self) -> Array:
        """Return the logs of the rain factors."""
        return self.mean[: self.gauges]

    @property
    def factor(self) -> Array:
        """Return the factor of each rain gauge."""
        return np.clip(np.exp(self.rain), LEAST, MOST)

    @property
    def rain_sd(self) -> float:
        """Return how unsure the rain's factor is, all gauges together, log units."""
        return float(np.sqrt(self.cov[: self.gauges, : self.gauges].mean()))

    @property
    def rough(self) -> float:
        """Return the log of the roughness over the model's; 0 where it is taken as given."""
        return float(self.mean[self.gauges]) if len(self.mean) > self.gauges else 0.0

    @property
    def rough_sd(self) -> float:
        """Return how unsure the roughness is, log units."""
        n = self.gauges
        return float(np.sqrt(self.cov[n, n])) if len(self.mean) > n else 0.0

    def mended(self, plain: Array, rougher: Array) -> Array:
        """Return levels at the roughness that is believed, from two models' levels."""
        return np.asarray(plain + self.rough / np.log(ROUGHER) * (rougher - plain))

    def drawn(self, count: int, dice: np.random.Generator) -> Array:
        """Return (count, gauges) logs of rain factors, in pairs about the mean."""
        n = self.gauges
        root = np.linalg.cholesky(self.cov[:n, :n] + 1e-6 * np.eye(n))
        half = dice.standard_normal((count // 2, n))
        if n == 1:  # spread evenly instead of by chance
            half = np.linspace(0.4, 1.6, count // 2)[:, None]
        return np.asarray(self.rain + np.concatenate([half, -half]) @ root.T)

    def wander(self, steps: float) -> None:
        """Grow less sure as time passes, never less than at the first."""
        n, rough = self.gauges, len(self.mean) > self.gauges
        self.cov = self.cov.copy()
        self.cov[:n, :n] += WANDER**2 * steps * (1.0 + 0.2 * np.eye(n))
        if rough:
            self.cov[n, n] += ROUGH_WANDER**2 * steps
        first = np.diag(Belief.first(n, rough=rough).cov)
        scale = np.sqrt(np.minimum(first / np.diag(self.cov), 1.0))
        self.cov = self.cov * scale[:, None] * scale[None, :]

    def bounded(self, mean: Array) -> Array:
        """Return a mean within the ranges."""
        found = mean.copy()
        found[: self.gauges] = np.clip(found[: self.gauges], np.log(LEAST), np.log(MOST))
        found[self.gauges :] = np.clip(found[self.gauges :], -ROUGH_MOST, ROUGH_MOST)
        return found
