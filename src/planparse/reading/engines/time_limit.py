"""The time that a page may take, shared by all that reads it."""

from __future__ import annotations

from time import monotonic

from planparse.errors import InputTimeoutError


class TimeLimit:
    """So many seconds from now; `place` names what is read in errors."""

    def __init__(self, seconds: float, place: str) -> None:
        self._seconds, self._place = seconds, place
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            InputTimeoutError: there are none.
        """
        seconds = self._end - monotonic()
        if seconds <= 0:
            raise self.exceeded()
        return seconds

    def exceeded(self) -> InputTimeoutError:
        """Return the error that tells that the limit was too low."""
        remedy = "raise the time limit, or scan the page again"
        return InputTimeoutError(f"OCR took longer than {self._seconds:g} s", self._place, remedy)
