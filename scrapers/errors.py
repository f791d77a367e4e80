"""Every error of Ratecard, cut by what the caller can do about it.

::

    RatecardError                 exit code 1: a finding
    ├── UsageError                exit code 2: what was asked cannot be (unknown source, brief, date, file)
    │   └── FactsError            a hand-kept file (facts, brief) is wrong; names file, row and key
    ├── SourceError               exit code 3: a source did not give what it must
    │   ├── FetchError            worth another try; the only error that is retried
    │   └── ParseError            the structure that was looked for is not there
    ├── StoppedError              exit code 1: nobody waits any longer
    └── StoreError                exit code 3: the store cannot be read or written
        ├── SnapshotMissingError  there is no such snapshot
        └── CorruptError          bytes in the store are not the bytes that were put there
"""

from __future__ import annotations

from scrapers.records import Response


class RatecardError(Exception):
    """Anything that Ratecard itself has to say; its message ends up before the user as it is."""

    exit_code = 1


class UsageError(RatecardError):
    """What was asked cannot be done as asked; the message says what could be asked instead."""

    exit_code = 2


class FactsError(UsageError):
    """A hand-kept file holds something it must not; the message names the file, the row and the key."""


class SourceError(RatecardError):
    """A source did not give what it must.

    Attributes:
        source: id of the source.
        where: the place in its answer: a URL, a file and row, a locator; "" when it is the source as a whole.
        problem: what was looked for and what was found instead.
        evidence: what stood there instead, kept for a look and used by nobody; set by whoever has it.
    """

    exit_code = 3

    def __init__(self, source: str, problem: str, *, where: str = "") -> None:
        """Keep the parts and join them into one sentence."""
        self.source = source
        self.problem = problem
        self.where = where
        self.evidence: tuple[Response, ...] = ()
        super().__init__(f"{source}: {where}: {problem}" if where else f"{source}: {problem}")


class FetchError(SourceError):
    """The world did not answer, or answered that it cannot now: worth another try.

    Attributes:
        retry_after: seconds before which the server does not want to be asked again; None where it did not say.
        again: whether another try in this run may help; False once it was tried as often as makes sense.
    """

    def __init__(
        self, source: str, problem: str, *, where: str = "", retry_after: float | None = None, again: bool = True
    ) -> None:
        """Keep what tells when to try again."""
        super().__init__(source, problem, where=where)
        self.retry_after = retry_after
        self.again = again

    def give_up(self, tries: int) -> None:
        """Note that this was the last try, and how many there were."""
        self.again = False
        if tries > 1:
            noted = f"{self.problem}, asked {tries} times"
            self.args = (str(self).removesuffix(self.problem) + noted,)
            self.problem = noted


class ParseError(SourceError):
    """The answer is there, but its known structure is not; trying again will not help."""


class StoppedError(RatecardError):
    """Nobody waits for this source any longer: its time is over, or the scrape was interrupted.

    No `SourceError`, so that no fetch takes it for the failure of one region or page and goes on to the next.
    """


class StoreError(RatecardError):
    """The store cannot be read or written."""

    exit_code = 3


class SnapshotMissingError(StoreError):
    """There is no such snapshot, or none as old as was asked for."""


class CorruptError(StoreError):
    """Bytes in the store are not the bytes that were put there."""
