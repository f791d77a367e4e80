"""Offer files as CSV at the speed of the disk: in one pass, as their bytes come, with a few MiB of memory.

A regional EC2 list is 400 MB and 550,000 records, of which some 1,500 are wanted. So the bytes are searched for marks,
and what is found is widened to whole records; of several records of a refused product only the first is read. What
the marks could miss is looked for with a slower pattern, everywhere at the beginning and in samples after it; if that
finds something, the scan is not to be trusted, and the file must be read record by record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from scrapers.aws.offer_csv import Table, find_header
from scrapers.aws.offer_rows import Harvest, PriceRow, Wanted
from scrapers.places.csv_records import field_count, read_record, whole_record
from scrapers.records import Document
from scrapers.strict import fail

BLOCK_BYTES = 1 << 18
_HEAD_BYTES = 1 << 16
_LONGEST_LINE = 1 << 25
_SEARCHED_WHOLLY = 1 << 18
_SAMPLED_EVERY = 1 << 16
"""Bytes. A GPU type has some 350 records of 730 bytes each: the chance that no sample meets one of them is 1 in 50."""
_SHARE_FROM = 32 << 20
_SHARE = (0.0005, 0.4)
"""Bytes in marked records to bytes, for files of 32 MiB and more. It is 0.048 in the synthetic us-east-1, 74 of whose
1,287 types have GPUs; a region with one GPU type of 500 has 0.002. At 0.4 a mark has come to mean something else."""


class CsvScan:
    """The scan of one file, which is fed with its bytes."""

    def __init__(self, document: Document, wanted: Wanted, *, block_bytes: int = BLOCK_BYTES) -> None:
        """Take what errors name, what is wanted, and how many bytes are searched at once."""
        self.harvest = Harvest(wanted)
        self.trusted = True
        self._document = document
        self._wanted = wanted
        self._marks = wanted.marks.marks
        self.block_bytes = block_bytes
        self._pieces: list[bytes] = []
        self._pending = 0
        self._table: Table | None = None
        self._previous = b""
        self._block = b""
        self._joined = b""
        self._base = 0  # place of the block in the file
        self._cut = 0  # where in the previous block its last line, which the block goes on with, begins
        self._later: list[tuple[int, int]] = []
        self._unsure: list[tuple[int, int]] = []
        self._widened: set[int] = set()
        self._refused = b"\n\n", b""  # beginning and end of the lines of the last product that is not taken
        self._next_sample = _SEARCHED_WHOLLY
        self._marked = 0

    def feed(self, piece: bytes) -> int:
        """Take the next bytes; return the number of rows kept so far.

        Raises:
            ParseError: the file is not such a CSV.
        """
        self._pieces.append(piece)
        self._pending += len(piece)
        if self._pending >= (self.block_bytes if self._table else max(self.block_bytes, _HEAD_BYTES)):
            self._take(self._gather(), final=False)
        return len(self.harvest)

    def finish(self) -> list[PriceRow]:
        """Return the rows.

        Raises:
            ParseError: the file is not such a CSV, breaks off, or has an odd share of marked records.
        """
        rest = self._gather()
        if rest or self._cut < len(self._previous):
            rest = rest.removesuffix(b"\n") + b"\n"
        self._take(rest, final=True)
        share = self._marked / self._base
        if self._marks and self._base >= _SHARE_FROM and not _SHARE[0] <= share <= _SHARE[1]:
            what = b" or ".join(self._marks).decode()
            raise fail(
                self._document, f"looked for a share of {_SHARE} of bytes in records with {what}, found {share:f}"
            )
        return self.harvest.rows()

    def _gather(self) -> bytes:
        block = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._pending = 0
        return block

    def _take(self, block: bytes, *, final: bool) -> None:
        try:
            self._search(block, final=final)
        except (csv.Error, UnicodeDecodeError) as exc:
            raise fail(self._document, f"the CSV cannot be read: {exc}") from exc

    def _search(self, block: bytes, *, final: bool) -> None:
        """Search a block: the line that began in the block before it, then its own whole lines."""
        start = 0
        if self._table is None:
            self._table, start = self._read_header(block)
        self._block, self._joined = block, b""
        later, self._later = self._later, []
        unsure, self._unsure = self._unsure, []
        for first, last in later:
            self._widen(first, last, final=True)
        for first, last in unsure:
            self._suspect(first, last, final=True)
        end = block.rfind(b"\n") + 1
        if end == 0 and not final:
            self._go_on(self._previous[self._cut :] + block, 0)
            return
        if self._base and block:
            start = block.find(b"\n") + 1
            line = self._previous[self._cut :] + block[:start]
            self._search_lines(line, 0, len(line), self._base - len(self._previous) + self._cut, final=final)
        self._search_lines(block, start, end, self._base, final=final)
        if final:
            self._check_end()
        kept = self._previous[-_HEAD_BYTES:] if len(block) < _HEAD_BYTES else b""  # a record may begin before the block
        self._go_on(kept + block, len(kept) + end)

    def _go_on(self, previous: bytes, cut: int) -> None:
        if len(previous) - cut > _LONGEST_LINE:
            raise fail(self._document, f"looked for lines, found {len(previous) - cut} bytes without a line feed")
        self._base += len(self._block)
        self._previous, self._cut, self._block, self._joined = previous, cut, b"", b""

    def _read_header(self, head: bytes) -> tuple[Table, int]:
        """Return the columns, and where the header ends."""
        stream = io.BytesIO(head)
        if head.startswith(b"\xef\xbb\xbf"):
            stream.seek(3)
        records = csv.reader((line.decode() for line in iter(stream.readline, b"")), strict=True)
        table = Table(self._document, self._wanted, find_header(self._document, self._wanted, records))
        if not table.has(self._wanted.marks.column or "sku"):
            self._marks = ()
        elif self._wanted.marks.suspect and b'"SKU"' in head[: stream.tell()]:
            self._marks = tuple(b'"%b"' % mark for mark in self._marks)  # longer, and so found faster
        return table, stream.tell()

    def _search_lines(self, data: bytes, start: int, end: int, base: int, *, final: bool) -> None:
        """Search whole lines of some bytes that stand at `base` in the file."""
        if len(self._marks) == 1 and self._columns.header[0] == "SKU":
            self._search_products(data, start, end, base, final=final)
        else:
            for first, last in self._marked_lines(data, start, end):
                self._read_line(data[first:last], base + first, final=final)
        if self._wanted.marks.suspect and self._marks:
            for first, last in self._tried_lines(data, start, end, base):
                if self._is_odd(b"," + data[first:last]):  # as if a comma were before the first field too
                    self._suspect(base + first, base + last, final=final)

    def _is_odd(self, line: bytes) -> bool:
        """Tell whether a line without a mark may be of a wanted record."""
        for suspect in self._wanted.marks.suspect:  # a plain loop: any() takes three times as long
            if suspect in line:
                return not any(mark in line for mark in self._marks)
        return False

    def _search_products(self, data: bytes, start: int, end: int, base: int, *, final: bool) -> None:
        """Do the same where lines begin with their SKU: those of one product differ only in what precedes the mark."""
        mark, starts = self._marks[0], data.startswith
        sku, rest = self._refused
        at = data.find(mark, start, end)
        while at >= 0:
            first = data.rfind(b"\n", start, at) + 1 or start
            if starts(sku, first) and starts(rest, at):
                last = at + len(rest)
                self._marked += last - first
            else:
                last = data.find(b"\n", at, end) + 1
                if self._read_line(data[first : last - 1], base + first, final=final) is False:
                    sku, rest = data[first : data.find(b",", first) + 1], data[at:last]
            at = data.find(mark, last, end)
        self._refused = sku, rest

    def _marked_lines(self, data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of the lines that hold a mark, or of all lines where there are no marks."""
        if len(self._marks) == 1:
            yield from _lines_with(self._marks[0], data, start, end)
        elif self._marks:
            yield from sorted({line for mark in self._marks for line in _lines_with(mark, data, start, end)})
        else:
            yield from _lines_with(b"\n", data, start, end)

    def _read_line(self, line: bytes, place: int, *, final: bool) -> bool | None:
        """Take the record of a line; return whether its product is taken, None where the line is no whole record."""
        self._marked += len(line)
        record = read_record(line, len(self._columns.header))
        if record is not None:
            return self._add(place, record)
        self._widen(place, place + len(line), final=final)
        return None

    @property
    def _columns(self) -> Table:
        assert self._table is not None  # noqa: S101  # set before any line is read
        return self._table

    def _add(self, place: int, record: list[str]) -> bool:
        """Take a record; return whether its product is taken."""
        fields = self._columns.fields(record)
        if fields is None:
            return False
        refusal = self._wanted.refusal(fields)
        if not self.harvest.has_refused(refusal, fields, place):
            self.harvest.add(place, self._columns.row(record, fields, refusal))
        return not refusal

    def _window(self) -> tuple[bytes, int]:
        """Return this block and the one before it, and their place in the file."""
        self._joined = self._joined or self._previous + self._block
        return self._joined, self._base - len(self._previous)

    def _widen(self, first: int, last: int, *, final: bool) -> None:
        """Take the record that a line at these places belongs to, now or when the next block is there.

        Raises:
            ParseError: there is no such record.
        """
        window, base = self._window()
        found = whole_record(window, first - base, last - base, len(self._columns.header))
        if found is None and not final:
            self._later.append((first, last))
        elif found is None:
            raise self._broken(window[first - base : last - base], first)
        elif base + found[0] not in self._widened:
            self._widened.add(base + found[0])
            self._add(base + found[0], found[2])

    def _broken(self, line: bytes, place: int) -> Exception:
        problem = f"looked for {len(self._columns.header)} fields, found {field_count(line)}"
        return fail(self._document, problem, row=f"line at byte {place}")

    def _check_end(self) -> None:
        """Check that the last record is whole: of a file that breaks off, none may be near a mark."""
        window, base = self._window()
        end = len(window) - 1
        start = window.rfind(b"\n", 0, end) + 1
        if whole_record(window, start, end, len(self._columns.header)) is None:
            raise self._broken(window[start:end], base + start)

    def _tried_lines(self, data: bytes, start: int, end: int, base: int) -> Iterator[tuple[int, int]]:
        """Yield the lines of the file's beginning, and samples of the others."""
        if base + start < _SEARCHED_WHOLLY:
            yield from _lines_with(b"\n", data, start, min(end, _SEARCHED_WHOLLY - base))
        missed = base + start - self._next_sample
        self._next_sample += max(0, -(-missed // _SAMPLED_EVERY)) * _SAMPLED_EVERY
        while self._next_sample < base + end:
            yield _line_at(data, self._next_sample - base, start, end)
            self._next_sample += _SAMPLED_EVERY

    def _suspect(self, first: int, last: int, *, final: bool) -> None:
        """Trust no longer if a record without a mark is wanted, or none can be read, now or with the next block."""
        window, base = self._window()
        found = whole_record(window, first - base, last - base, len(self._columns.header))
        if found is None and not final:
            self._unsure.append((first, last))
        elif found is None:
            self.trusted = False
        elif not any(mark in window[found[0] : found[1]] for mark in self._marks):
            self.trusted = self._columns.fields(found[2]) is None and self.trusted


def _lines_with(mark: bytes, data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = data.find(mark, start, end)
    while at >= 0:
        first, last = _line_at(data, at, start, end)
        yield first, last
        at = data.find(mark, last + 1, end)


def _line_at(data: bytes, at: int, start: int, end: int) -> tuple[int, int]:
    """Return start and end of the line around a place; a line feed belongs to the line that it ends."""
    return data.rfind(b"\n", start, at) + 1 or start, data.find(b"\n", at, end)
