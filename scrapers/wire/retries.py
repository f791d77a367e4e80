"""Asking again: the one place where a request that failed is repeated, by the command line's runs and Prefect's alike.

Only a `FetchError` is worth it. The pauses grow and differ by chance; what the server itself asks for (Retry-After)
is waited for where that is bearable. Tenacity repeats; the clock, the sleep and the chance are given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from scrapers.errors import FetchError

TRIES = 4
LONGEST_PAUSE_SECONDS = 60.0
"""A server that wants to be left alone for longer is left alone: the run says when to come back."""
_FIRST_PAUSE_SECONDS = 1.0
_GROWTH = 4

T = TypeVar("T")


def keep_trying(  # noqa: PLR0913  # what is tried, how long, and by which clock
    once: Callable[[], T],
    *,
    seconds: float,
    sleep: Callable[[float], None],
    monotonic: Callable[[], float],
    spread: Callable[[], float],
    tries: int = TRIES,
    in_a_hurry: bool = False,
) -> T:
    """Return what a request brings, repeated while that is worth it: 1, 4 and 16 s later, each time half more or less.

    Args:
        once: asks once, from the start.
        seconds: no try begins later than so long after the first.
        sleep: waits.
        monotonic: measures time, in seconds.
        spread: returns a number from 0 to 1 for every pause.
        tries: how often is asked at the most.
        in_a_hurry: whether only such pauses are made as the server itself asks for.

    Raises:
        FetchError: the last try's; it says how many there were.
    """
    growing = wait_exponential(multiplier=_FIRST_PAUSE_SECONDS, exp_base=_GROWTH)
    began = monotonic()

    def pause(state: RetryCallState) -> float:
        ours = 0.0 if in_a_hurry else growing(state) * (0.5 + spread())
        return max(ours, _failure(state).retry_after or 0.0)

    def is_enough(state: RetryCallState) -> bool:
        return state.upcoming_sleep > LONGEST_PAUSE_SECONDS or monotonic() + state.upcoming_sleep > began + seconds

    def give_up(state: RetryCallState) -> T:
        failure = _failure(state)
        failure.give_up(state.attempt_number)
        raise failure

    return Retrying(
        retry=retry_if_exception(lambda exc: isinstance(exc, FetchError) and exc.again),
        wait=pause,
        stop=lambda state: stop_after_attempt(tries)(state) or is_enough(state),
        sleep=sleep,
        retry_error_callback=give_up,
    )(once)


def _failure(state: RetryCallState) -> FetchError:
    """Return why a try failed; nothing else is repeated."""
    failure = state.outcome.exception() if state.outcome else None
    assert isinstance(failure, FetchError)  # noqa: S101  # see `retry` above
    return failure
