"""The gait of a live model: SWMM is stepped in its own routing steps, and lands where time is cut.

Only SWMM's step is made shorter to land, never its end brought nearer: while an end is nearer than
the routing step goes, SWMM's runoff waits for a time beyond that end, for ever.
"""

import ctypes

LANDED_MS = 0.5  # SWMM's steps are whole milliseconds; nearer than half of one is there
NODES = 2  # SWMM's number for them
STUCK = 101  # SWMM's own word for a fault inside it


class Gait:
    """The clocks of one live model, in SWMM's milliseconds and ours in seconds."""

    def __init__(self, lib: ctypes.CDLL) -> None:
        self._step, self._stride = lib.swmm_step, lib.swmm_stride
        self._step.argtypes = [ctypes.POINTER(ctypes.c_double)]
        self._stride.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_double)]
        self._told = ctypes.byref(ctypes.c_double())
        self._now, self._before = _clock(lib, "NewRoutingTime"), _clock(lib, "OldRoutingTime")
        self._end, self._route = _clock(lib, "TotalDuration"), _clock(lib, "RouteStep")
        self._courant = _clock(lib, "CourantFactor")
        self._least_ms = _clock(lib, "MinRouteStep").value * 1000.0
        self.route_s = self._route.value
        self._adapts = self._courant.value
        events = ctypes.c_int.in_dll(lib, "NumEvents").value
        routed = not ctypes.c_byte.in_dll(lib, "IgnoreRouting").value
        nodes = (ctypes.c_int * (NODES + 1)).in_dll(lib, "Nobjects")[NODES]
        self.own = bool(routed and nodes and not events)  # else its steps know no longest

    @property
    def t(self) -> float:
        """Return the time reached, s since the start."""
        return self._now.value / 1000.0

    @property
    def end(self) -> float:
        """Return the time beyond which the model cannot go, s."""
        return self._end.value / 1000.0

    def share(self, t: float) -> float:
        """Return how much of the last routing step had passed at `t`, 0..1."""
        now, before = self._now.value, self._before.value
        if now <= before:
            return 1.0
        return min(max((t * 1000.0 - before) / (now - before), 0.0), 1.0)

    def reach(self, then: float, cut: float) -> int:
        """Step on until `then` is reached or just passed, never past `cut`; return SWMM's error."""
        now, step, told = self._now, self._step, self._told
        goal, last = min(then, cut) * 1000.0 - LANDED_MS, cut * 1000.0
        far = last - self.route_s * 1000.0 - LANDED_MS  # until here the longest step lands before
        free = min(goal, far) if self.own else -1.0
        while now.value < free:
            if wrong := step(told):
                return int(wrong)
        while (t := now.value) < goal:
            wrong = self._land(last) if self.own else self._strode(goal - t)
            if wrong or now.value <= t:
                return int(wrong or STUCK)
        return 0

    def _land(self, last: float) -> int:
        """Take a step that ends at the cut, or before it where the water wants a shorter one."""
        left = last - self._now.value
        self._route.value = min(self.route_s, left / 1000.0)
        if left <= self._least_ms:  # a step that adapts is never shorter than this
            self._courant.value = 0.0
        try:
            wrong = int(self._step(self._told))
        finally:
            self._route.value, self._courant.value = self.route_s, self._adapts
        if abs(last - self._now.value) < LANDED_MS:
            self._now.value = last  # off by a rounding of SWMM's sum
        return wrong

    def _strode(self, left: float) -> int:
        """Step on by whole seconds: between [EVENTS] one step of SWMM may last for hours."""
        return int(self._stride(max(round((left + LANDED_MS) / 1000.0), 1), self._told))


def _clock(lib: ctypes.CDLL, name: str) -> ctypes.c_double:
    return ctypes.c_double.in_dll(lib, name)
