"""Stands in for the module `time` where a test wants minutes to have passed."""

import time


class Later:
    """Real time plus what has been skipped (seconds)."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def passes(self, seconds: float) -> None:
        self._ahead += seconds

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    def time(self) -> float:
        return time.time() + self._ahead
