"""How long a download may take, how much it may bring, and when it is tried again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from baserate.errors import NetworkError, UnknownHost

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much a download may take. Times in seconds, sizes in bytes.

    connect        to open a connection, and again to agree on encryption; to look up a host's
                   name takes as long as the system lets it
    silence        without a byte
    answer         until the head of an answer is in
    window, quota  at least `quota` bytes of the file must come in every `window`
    whole          for all tries together
    largest        of a file, as declared and as sent
    tries          at one file before it is given up
    first_wait     before the second try; doubled each time, less a random part
    longest_wait   between tries, also where the server asks for more
    """

    connect: float = 15
    silence: float = 30
    answer: float = 60
    window: float = 60
    quota: int = 60_000
    whole: float = 6 * 3600
    largest: int = 4_000_000_000
    tries: int = 6
    redirects: int = 6
    first_wait: float = 1
    longest_wait: float = 60


FILES = Limits()
PAGES = Limits(silence=15, answer=20, window=15, whole=60, largest=10_000_000, tries=3)


class Patience:
    """All tries at one thing: they share their limits and the time they may take."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._ends = time.monotonic() + limits.whole

    def left(self, seconds: float) -> float:
        """So many seconds, or what is left for all tries; at least a hundredth."""
        return max(0.01, min(seconds, self._ends - time.monotonic()))

    def again(self, work: Callable[[], Done]) -> Done:
        """Do it, and again while what goes wrong may pass and there is time."""
        tried = 1
        while True:
            try:
                return work()
            except NetworkError as error:
                wait = self._wait(error, tried)
                if wait is None:
                    times = f" (tried {tried} times)" if tried > 1 else ""
                    raise type(error)(f"{error}{times}") from None
            time.sleep(wait)
            tried += 1

    def _wait(self, error: NetworkError, tried: int) -> float | None:
        """Seconds until the next try; None if there is to be none."""
        limits = self.limits
        if tried >= limits.tries or isinstance(error, UnknownHost):
            return None
        backoff = min(limits.longest_wait, limits.first_wait * 2 ** (tried - 1))
        wait = backoff * random.uniform(0.5, 1) if error.wait is None else error.wait
        in_time = wait <= limits.longest_wait and time.monotonic() + wait < self._ends
        return wait if in_time else None


def seconds(retry_after: str) -> float | None:
    """What Retry-After asks for, in seconds or as a day and time; None if it does not.

    >>> seconds("120"), seconds("soon")
    (120.0, None)
    """
    if retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        until = parsedate_to_datetime(retry_after)
        left = (until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, left.total_seconds())
