"""Who cites which receipt: the way back from a receipt to its figures."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receipt is cited.

    Attributes:
        section: number of the section, 1 is the first.
        anchor: id of the citing figure's link.
    """

    section: int
    anchor: str


class Citations:
    """Hands out an anchor for every citation and remembers where it stands."""

    _places: dict[int, list[Place]]

    def __init__(self) -> None:
        self._places = defaultdict(list)

    def cite(self, receipt: int, section: int) -> str:
        """Return the id of the next citation of a receipt, e.g. ``cite-12-2`` for the second of receipt 12."""
        places = self._places[receipt]
        places.append(Place(section, f"cite-{receipt}-{len(places) + 1}"))
        return places[-1].anchor

    def places(self, receipt: int) -> list[Place]:
        """List the first citation of a receipt in each section, in the order of reading."""
        first: dict[int, Place] = {}
        for place in self._places[receipt]:
            first.setdefault(place.section, place)
        return list(first.values())
