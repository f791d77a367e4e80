"""What a report has to show of its receipts, read from the store: the text around each, and how it looked."""

from __future__ import annotations

from dataclasses import replace

from reports.records import Exhibit, Picture, Receipt, Report
from scrapers.archive.store import Store
from scrapers.browsing.crop import Crop
from scrapers.places.exhibits import Exhibits

_MOST_CHARACTERS = 1000
"""Before and after a figure: with sixty receipts some 100 kB of HTML."""
_PICTURE_BYTES = 32_000
_ALL_PICTURES_BYTES = 800_000
"""In base64 a little over 1 MB: a report that can still be sent by mail."""


def with_exhibits(report: Report, store: Store) -> Report:
    """Return a report with what the store has to show of its receipts.

    Pictures beyond the first 800 kB are left to `ratecard show`.

    Args:
        report: the report.
        store: where its figures were read.

    Raises:
        StoreError: a body that the report cites is gone or damaged.
        ParseError: nothing stands at a receipt's locator.
    """
    exhibits, album = Exhibits(store), _Album()
    exhibits.look_through((receipt.sha256, receipt.locator) for receipt in report.receipts)
    return replace(report, exhibits={receipt.number: _exhibit(receipt, exhibits, album) for receipt in report.receipts})


def _exhibit(receipt: Receipt, exhibits: Exhibits, album: _Album) -> Exhibit:
    found = exhibits.of(receipt.sha256, receipt.locator)
    around = found.around.within(_MOST_CHARACTERS)
    picture = album.take(found.crop) if found.crop else None
    return Exhibit(around.before, around.value, around.after, picture)


class _Album:
    """The pictures of one report: the same one counts once, and together they stay below a limit."""

    def __init__(self) -> None:
        self._taken: set[Picture] = set()

    def take(self, crop: Crop) -> Picture | None:
        """Return a crop as a picture; None where it would be too large, or the album is full."""
        png = crop.small_png(_PICTURE_BYTES)
        if png is None:
            return None
        picture = Picture(png, *crop.image.size)
        if sum(len(other.png) for other in self._taken | {picture}) > _ALL_PICTURES_BYTES:
            return None
        self._taken.add(picture)
        return picture
