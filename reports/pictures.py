"""The pictures of a report inside its HTML: each once, whatever number of receipts show it."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from reports.records import Exhibit, Picture


def picture_numbers(exhibits: Iterable[Exhibit]) -> dict[Picture, int]:
    """Return the pictures of exhibits and their numbers, 1 is the first; the same picture has one number."""
    pictures = dict.fromkeys(exhibit.picture for exhibit in exhibits if exhibit.picture)
    return {picture: number for number, picture in enumerate(pictures, start=1)}


def picture_css(numbers: dict[Picture, int]) -> str:
    """Return a rule for each picture that sets it as the background of whatever has its class, ``picture-1``.

    An ``img`` would have to hold the picture itself, and so would the next one that shows the same.
    """
    return "".join(
        f".picture-{number} {{ width: {picture.width}px; aspect-ratio: {picture.width} / {picture.height}; "
        f'background-image: url("data:image/png;base64,{base64.b64encode(picture.png).decode()}"); }}\n'
        for picture, number in numbers.items()
    )
