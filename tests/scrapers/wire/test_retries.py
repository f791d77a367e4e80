"""Asking again: what is worth it, after which pause, and when it is enough, with a clock that the tests set."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from scrapers.errors import FetchError, ParseError
from scrapers.wire.retries import LONGEST_PAUSE_SECONDS, TRIES, keep_trying


@dataclass
class Scene:
    """Time, and what the tries bring one after the other."""

    outcomes: list[Exception | str]
    seconds_of_a_try: float = 0.0
    now: float = 100.0
    pauses: list[float] = field(default_factory=list)
    tries: int = 0

    def once(self) -> str:
        """Bring the next outcome."""
        self.now += self.seconds_of_a_try
        self.tries += 1
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.pauses.append(seconds)
        self.now += seconds

    def run(self, *, spread: float = 0.5, seconds: float = 1000, tries: int = TRIES, in_a_hurry: bool = False) -> str:
        """Keep trying."""
        return keep_trying(
            self.once,
            seconds=seconds,
            sleep=self.sleep,
            monotonic=lambda: self.now,
            spread=lambda: spread,
            tries=tries,
            in_a_hurry=in_a_hurry,
        )


def busy(retry_after: float | None = None) -> FetchError:
    """Return a failure that may pass."""
    return FetchError("test-source", "HTTP 503", where="https://example.org/", retry_after=retry_after)


def test_first_answer_is_taken() -> None:
    """Nothing is repeated that succeeds."""
    scene = Scene(["answer"])
    assert (scene.run(), scene.tries, scene.pauses) == ("answer", 1, [])


@pytest.mark.parametrize(("spread", "pauses"), [(0.0, [0.5, 2, 8]), (0.5, [1, 4, 16]), (1.0, [1.5, 6, 24])])
def test_pauses_grow_and_differ(spread: float, pauses: list[float]) -> None:
    """Each pause is four times the one before, half more or less by chance."""
    scene = Scene([busy(), busy(), busy(), "answer"])
    assert scene.run(spread=spread) == "answer"
    assert scene.pauses == pauses


def test_last_failure_says_how_often_was_asked() -> None:
    """After the last try its error is raised, as one that no further try in this run will mend."""
    last = busy()
    scene = Scene([busy(), busy(), busy(), last])
    with pytest.raises(FetchError) as caught:
        scene.run()
    assert caught.value is last
    assert str(last) == "test-source: https://example.org/: HTTP 503, asked 4 times"
    assert (last.problem, last.again) == ("HTTP 503, asked 4 times", False)


@pytest.mark.parametrize(
    "failure", [ParseError("test-source", "HTTP 404"), KeyError("x"), FetchError("test-source", "away", again=False)]
)
def test_what_will_not_pass_is_not_repeated(failure: Exception) -> None:
    """Only a failure of the moment is worth another try, and not one that was tried enough."""
    scene = Scene([failure])
    with pytest.raises(type(failure)) as caught:
        scene.run()
    assert (caught.value, scene.tries, scene.pauses) == (failure, 1, [])


@pytest.mark.parametrize(("asked", "pause"), [(0.0, 1.0), (0.5, 1.0), (30.0, 30.0), (60.0, 60.0)])
def test_server_says_how_long_to_wait(asked: float, pause: float) -> None:
    """What the server asks for is waited for, and no less than we would by ourselves."""
    scene = Scene([busy(asked), "answer"])
    assert scene.run() == "answer"
    assert scene.pauses == [pause]


def test_server_that_wants_to_be_left_alone() -> None:
    """A longer pause is not waited for; the error still says how long it is."""
    scene = Scene([busy(LONGEST_PAUSE_SECONDS + 1)])
    with pytest.raises(FetchError, match=r"HTTP 503$") as caught:
        scene.run()
    assert (caught.value.retry_after, scene.pauses) == (61, [])


@pytest.mark.parametrize(
    ("seconds_of_a_try", "tries"),
    [(30.0, 4), (40.0, 3), (99.0, 2), (120.0, 1)],
)
def test_time_is_bounded(seconds_of_a_try: float, tries: int) -> None:
    """No try begins later than its time, however many are left."""
    scene = Scene([busy() for _ in range(4)], seconds_of_a_try=seconds_of_a_try)
    with pytest.raises(FetchError):
        scene.run(seconds=115)
    assert scene.tries == tries


def test_waits_are_bounded_in_all() -> None:
    """A server that asks for a minute again and again is not waited for longer than that."""
    scene = Scene([busy(60.0) for _ in range(4)])
    with pytest.raises(FetchError, match="asked 2 times"):
        scene.run(seconds=100)
    assert scene.pauses == [60]


@pytest.mark.parametrize(("asked", "pauses"), [(None, [0, 0]), (3.0, [3, 3])])
def test_hurry_keeps_only_the_pauses_that_are_asked_for(asked: float | None, pauses: list[float]) -> None:
    """A mirror on this machine is asked again at once, unless it says otherwise."""
    scene = Scene([busy(asked), busy(asked), "answer"])
    scene.run(in_a_hurry=True)
    assert scene.pauses == pauses


def test_fewer_tries_where_they_are_dear() -> None:
    """A caller may allow less."""
    scene = Scene([busy(), busy(), "answer"])
    with pytest.raises(FetchError, match="asked 2 times"):
        scene.run(tries=2)


def test_interrupted_pause_ends_everything() -> None:
    """Whoever ends a pause ends the tries with it."""

    class StoppedError(Exception):
        pass

    def stop(_seconds: float) -> None:
        raise StoppedError

    scene = Scene([busy(), "answer"])
    sleep: Callable[[float], None] = stop
    with pytest.raises(StoppedError):
        keep_trying(scene.once, seconds=9, sleep=sleep, monotonic=lambda: 0.0, spread=lambda: 0.0)
    assert scene.tries == 1
