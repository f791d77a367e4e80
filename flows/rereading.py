"""Going back to what was cited: each archived body is read, hashed and parsed once for all that is cited of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows import steps
from normalize.facts import Facts
from normalize.offers import normalize
from normalize.records import Citation, Offer
from normalize.verify import Fault, Problem
from scrapers.archive.store import Store
from scrapers.errors import CorruptError, ParseError, UsageError
from scrapers.places.locate import OpenBody
from scrapers.records import Capture, Content, Document
from scrapers.registry import source_record

_KEPT_BYTES = 1 << 26
_ISO = "%Y-%m-%dT%H:%M:%SZ"


class Archive:
    """The bodies of a store by their hash."""

    def __init__(self, store: Store, facts: Facts) -> None:
        """Take the store, whose manifests are read now, and the hand-kept facts."""
        self._store = store
        self._facts = facts
        self._documents: dict[str, Document] = {}
        self._offers: dict[tuple[str, ...], dict[str, list[Offer]]] = {}
        self._captures: dict[str, list[Capture]] = defaultdict(list)
        for snapshot in store.snapshots():
            for capture in snapshot.captures:
                self._captures[capture.sha256].append(capture)

    def reread(self, wanted: Sequence[Citation]) -> dict[Citation, str | Problem]:
        """Return the text that stands at each citation, or why there is none."""
        by_body: dict[str, list[Citation]] = defaultdict(list)
        for citation in wanted:
            by_body[citation.sha256].append(citation)
        return {c: text for sha256, cited in by_body.items() for c, text in self._reread_body(sha256, cited)}

    def _reread_body(self, sha256: str, cited: Sequence[Citation]) -> Iterator[tuple[Citation, str | Problem]]:
        captures = self._captures.get(sha256, [])
        if not captures:
            why = f"the bytes are gone: no snapshot in {self._store.root} has a body with sha256 {sha256}"
            yield from ((citation, Problem(Fault.GONE, why)) for citation in cited)
            return
        found = self._texts(captures[0], [citation.locator for citation in cited])
        for citation in cited:
            text = found if isinstance(found, Problem) else found[citation.locator]
            yield citation, text if isinstance(text, Problem) else _origin_problem(citation, captures) or text

    def _texts(self, capture: Capture, locators: Sequence[str]) -> dict[str, str | Problem] | Problem:
        try:
            read = OpenBody(self._document(capture)).read_all(locators)
        except CorruptError as exc:
            return lost(capture, exc)
        return {
            locator: Problem(Fault.UNREADABLE, str(text)) if isinstance(text, ParseError) else text
            for locator, text in read.items()
        }

    def _document(self, capture: Capture) -> Document:
        """Return a capture with its bytes, in memory unless they are many: the parser may want them once more."""
        document = self._documents.get(capture.sha256)
        if document is None:
            document = self._store.document(capture)
            if capture.size <= _KEPT_BYTES:
                content = Content.of(document.read())
                document = Document(capture, content.open)
            self._documents[capture.sha256] = document
        return document

    def offers_at(self, citation: Citation) -> list[Offer]:
        """Return what is on sale at a citation, as the source's parser and the facts of today read it; maybe nothing.

        Raises:
            CorruptError: the bytes are gone or damaged.
        """
        capture = next((c for c in self._captures[citation.sha256] if _origin(c) == _said(citation)), None)
        if capture is None:
            return []
        # The same bytes at two times may be read in two ways: some labels moved from one card to another.
        key = (citation.sha256, *_said(citation))
        if key not in self._offers:
            found: dict[str, list[Offer]] = defaultdict(list)
            for offer in self._normalized(capture):
                found[offer.citations[0].locator].append(offer)
            self._offers[key] = found
        return self._offers[key].get(citation.locator, [])

    def _normalized(self, capture: Capture) -> Sequence[Offer]:
        try:
            source = source_record(capture.source)
            listed = steps.parsed(self._document(capture))
        except (ParseError, UsageError):
            return ()  # a format, or a source, that nobody reads any more: its quotes still stand where they stood
        parts = [normalize([replace(listed, listings=(listing,))], source, self._facts) for listing in listed.listings]
        return [offer for part in parts for offer in part.offers]


def lost(capture: Capture, error: CorruptError) -> Problem:
    """Return whether the bytes of a capture were removed, or are others than were stored."""
    if isinstance(error.__cause__, FileNotFoundError):
        return Problem(Fault.GONE, f"the bytes are gone: {capture.body} is not in the store any more")
    return Problem(Fault.DAMAGED, str(error))


def _origin_problem(citation: Citation, captures: Sequence[Capture]) -> Problem | None:
    """Return a problem where the store has a citation's bytes, but not from where and when it says."""
    said, known = _said(citation), [_origin(c) for c in captures]
    bodies = {c.body for c in captures}
    if said in known and citation.body in {"", *bodies}:
        return None
    says, has = " ".join((*said, citation.body)), " ".join((*known[0], captures[0].body))
    return Problem(Fault.ORIGIN, f"the receipt says {says}; the store has these bytes as {has}")


def _said(citation: Citation) -> tuple[str, ...]:
    return (citation.source, citation.url, f"{citation.retrieved_at:{_ISO}}", citation.obtained)


def _origin(capture: Capture) -> tuple[str, ...]:
    return (capture.source, capture.answered_url, f"{capture.retrieved_at:{_ISO}}", capture.obtained)
