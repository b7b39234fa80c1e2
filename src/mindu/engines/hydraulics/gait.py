"""The gait of a live model: SWMM is stepped in its own routing steps, and lands where time is cut.

SWMM's own stride is not used: from a time that is no whole second it may pass its end by half a
second, or wait for ever for runoff beyond it.
"""

import ctypes

LANDED_S = 1e-6  # s: nearer than this is there
LAST_S = 1.0  # s before a cut within which the step is what is left


class Gait:
    """The clocks of one live model."""

    def __init__(self, lib: ctypes.CDLL) -> None:
        self._step = lib.swmm_step
        self._step.argtypes = [ctypes.POINTER(ctypes.c_double)]
        self._elapsed = ctypes.c_double()
        self._time = ctypes.c_double.in_dll(lib, "NewRoutingTime")
        self._end = ctypes.c_double.in_dll(lib, "TotalDuration")
        self._route = ctypes.c_double.in_dll(lib, "RouteStep")
        self._courant = ctypes.c_double.in_dll(lib, "CourantFactor")
        self.route_s = self._route.value
        self._adapts = self._courant.value

    @property
    def t(self) -> float:
        """Return the time reached, s since the start."""
        return float(self._time.value) / 1000.0

    @property
    def end(self) -> float:
        """Return the time beyond which the model cannot go, s."""
        return float(self._end.value) / 1000.0

    def reach(self, then: float, *, cut: float) -> int:
        """Step on until `then` is reached or just passed, never past `cut`; return SWMM's error.

        Runoff stops at the cut as at a model's end, and the last routing step is shortened to land
        there.
        """
        end, wrong = self._end.value, 0
        self._end.value = min(end, cut * 1000.0)
        try:
            while self.t < then - LANDED_S and not wrong:
                left = cut - self.t
                self._route.value = min(self.route_s, left)
                # A step that adapts is never under half a second: the last one does not adapt.
                self._courant.value = self._adapts if left > LAST_S else 0.0
                wrong = int(self._step(ctypes.byref(self._elapsed)))
        finally:
            self._end.value, self._route.value = end, self.route_s
            self._courant.value = self._adapts
        return wrong
