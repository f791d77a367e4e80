"""Offer files as JSON at the speed of the disk: in one pass, as their bytes come, with a few MiB of memory.

A regional EC2 list is 500 MB. Its products come before its terms, so the wanted products are known when their terms
come by. Products are found by the attribute that tells their instance type, terms by their ``priceDimensions``; only
the objects around the wanted ones are read as JSON. Every step checks that it stands where it must: a file that is
built in another way is refused, never read in part.
"""

from __future__ import annotations

import codecs
import json
import re
from decimal import Decimal
from typing import Any, Protocol

from scrapers.aws.offer_json import Product, check_kind, read_product, read_term
from scrapers.aws.offer_rows import ON_DEMAND, Harvest, PriceRow, Wanted, check_offer
from scrapers.errors import ParseError
from scrapers.records import Document
from scrapers.strict import fail

BLOCK_BYTES = 1 << 16
"""Small enough for its memory to be used again, not given back and fetched anew: a third faster than 512 KiB."""
_LONGEST_KEY = 300
_BEHIND = 1 << 14
"""Bytes: more than stand between a product's beginning and its instance type, or a term's and its prices."""
_OBJECT_BYTES = 1 << 12
_LARGEST_OBJECT = 1 << 22
_SHARE_FROM = 5000
_SHARE = (0.0005, 0.4)
"""Wanted products to products, from 5,000 products on: as for the CSV."""

_PRODUCTS = re.compile(rb'"products"\s*:\s*\{')
_TERMS = re.compile(rb'"terms"\s*:\s*\{')
_TEXT = re.compile(rb'(\s*:\s*")[^"\\]*"')
_KEY_BEFORE = re.compile(rb'"([^"\\]+)"\s*:\s*\Z')
_KEY = re.compile(rb'"([^"\\]+)"\s*:\s*(?=\{)')
_PRICES = b'"priceDimensions"'
_RATE_CODE = re.compile(rb'(\s*:\s*\{\s*")([^".\\]+)\.')
_ENTRY_BEFORE = re.compile(rb'(?:(\}\s*,\s*)|"([^"\\]+)"\s*:\s*\{\s*)\Z')
_BRACE = re.compile(rb"\s*:\s*\{")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_OPEN_AT_TERMS = 2
_OPEN_AT_PRICES = 5
_DECODER = json.JSONDecoder(parse_float=Decimal)


class _Wait(Exception):  # noqa: N818  # no error
    """More bytes are needed."""


class _Step(Protocol):
    """What is searched for now; returns what comes next, or None when the bytes are used up."""

    def __call__(self) -> _Step | None: ...


class JsonScan:
    """The scan of one file, which is fed with its bytes."""

    def __init__(self, document: Document, wanted: Wanted, *, block_bytes: int = BLOCK_BYTES) -> None:
        """Take what errors name, what is wanted, and how many bytes are searched at once."""
        self.harvest = Harvest(wanted)
        self.trusted = True
        self._document = document
        self._wanted = wanted
        self.block_bytes = block_bytes
        self._pieces: list[bytes] = []
        self._pending = 0
        self._window = b""
        self._base = 0  # place of the window in the file
        self._at = 0  # from where in the window the search goes on
        self._final = False
        self._step: _Step = self._read_head
        self._products: dict[bytes, Product] = {}
        self._seen = 0
        self._open = _OPEN_AT_TERMS  # objects that have begun and not ended where the search goes on; 0 if unknown
        self._last = 0  # end of the last instance type's name in the file
        self._colons: dict[bytes, bytes] = {}
        self._sku = b""
        self._product: Product | None = None
        self._kind = ""
        self._same = b"\n"  # what follows prices of the same product
        self._between = b"\n"  # what stands between the name of prices and the product's id
        self._comma = b"\n\n"  # what stands between the entries of two products

    def feed(self, piece: bytes) -> int:
        """Take the next bytes; return the number of rows kept so far.

        Raises:
            ParseError: the file is not such a JSON.
        """
        self._pieces.append(piece)
        self._pending += len(piece)
        if self._pending >= self.block_bytes:
            self._search()
        return len(self.harvest)

    def finish(self) -> list[PriceRow]:
        """Return the rows.

        Raises:
            ParseError: the file is not such a JSON, breaks off, or has an odd share of wanted products.
        """
        self._final = True
        self._search()
        if self._step != self._read_terms:
            raise self._unknown("products and then terms", self._at)
        self._check_end()
        share = len(self._products) / max(self._seen, 1)
        if self._seen >= _SHARE_FROM and not _SHARE[0] <= share <= _SHARE[1]:
            raise fail(self._document, f"looked for a share of {_SHARE} of products with GPUs, found {share:f}")
        return self.harvest.rows()

    def _check_end(self) -> None:
        """Check that as many objects end as have begun: a file that breaks off may do so at the end of one."""
        tail = _STRING.sub(b"", self._window[self._at :])
        open_objects = self._open + tail.count(b"{") - tail.count(b"}")
        if not tail.rstrip().endswith(b"}") or (open_objects and self._open):
            raise self._unknown("the end of the file's object", len(self._window) - 1)

    def _search(self) -> None:
        """Go on with the search as far as the bytes reach."""
        keep = max(0, self._at - _BEHIND)
        self._window = b"".join((self._window[keep:], *self._pieces))
        self._base += keep
        self._at -= keep
        self._pieces.clear()
        self._pending = 0
        try:
            while (following := self._step()) is not None:
                self._step = following
        except _Wait:
            if self._final or len(self._window) - self._at > _LARGEST_OBJECT:
                raise self._unknown("a whole object", self._at) from None

    def _unknown(self, what: str, at: int) -> ParseError:
        found = self._window[at : at + 60].decode(errors="replace")
        problem = f"looked for {what}, found {found!r}"
        return fail(
            self._document, f"{problem}; the fast reader does not know this structure", row=f"byte {self._base + at}"
        )

    def _read_head(self) -> _Step | None:
        """Read what stands before the products."""
        found = _PRODUCTS.search(self._window)
        if found is None:
            raise _Wait
        try:
            head = json.loads(self._window[: found.start()].decode("utf-8-sig") + '"products":{}}')
        except ValueError:
            raise self._unknown("products after a list's metadata", 0) from None
        check_offer(self._document, self._wanted, head)
        if "terms" in head:
            raise self._unknown("products before terms", 0)
        self._at = found.end()
        return self._read_products

    def _read_products(self) -> _Step | None:
        """Collect the wanted products; return the next step when all have come by."""
        reached = len(self._window)
        for key in self._wanted.json_keys:
            reached = self._find_products(key, reached)
        if reached < len(self._window):
            self._at = reached  # a product that is not yet there as a whole
            raise _Wait
        return self._find_terms()

    def _find_products(self, key: bytes, end: int) -> int:
        """Collect the wanted products with an attribute; return how far that went."""
        find, starts, marks = self._window.find, self._window.startswith, self._wanted.json_marks
        colon = self._colons.get(key, b"\n")
        at = self._at
        while (hit := find(key, at, end)) >= 0:
            at = hit + len(key)
            try:
                if not starts(colon, at):
                    colon = self._colons[key] = self._read_colon(at)
                if starts(marks, at + len(colon)):
                    self._collect(hit)
            except _Wait:
                return hit
            self._seen += 1
        self._last = max(self._last, self._base + at)
        return end

    def _read_colon(self, at: int) -> bytes:
        """Return what stands between an attribute's name and the text it must have."""
        text = _TEXT.match(self._window, at)
        if text is None:
            raise self._wait_or("the text of an instance type", at)
        return text[1]

    def _find_terms(self) -> _Step | None:
        """Look for the beginning of the terms after the last product's instance type."""
        at = self._window.find(b'"terms"', max(self._last - self._base, 0))
        found = _TERMS.search(self._window, at) if at >= 0 else None
        if found is None:
            self._at = max(self._at, len(self._window) - _LONGEST_KEY)
            return None
        self._at = found.end()
        return self._read_terms

    def _collect(self, hit: int) -> None:
        """Read the product around an attribute."""
        attributes = self._window.rfind(b'"attributes"', 0, hit)
        start = self._window.rfind(b"{", 0, attributes)
        key = _KEY_BEFORE.search(self._window, max(0, start - _LONGEST_KEY), start)
        if attributes < 0 or key is None:
            raise self._unknown("a product with attributes", hit)
        content = self._object(start, hit)
        sku = key[1].decode()
        if content.get("sku", sku) != sku or not isinstance(content.get("attributes"), dict):
            raise self._unknown(f"product {sku}", start)
        product = read_product(self._document, self._wanted, sku, content)
        if product is not None:
            self._products[key[1]] = product

    def _object(self, start: int, hit: int) -> dict[str, Any]:
        """Return the JSON object that begins at a place in the window and reaches beyond another."""
        size = _OBJECT_BYTES
        while True:
            raw = self._window[start : start + size]
            try:
                text = codecs.getincrementaldecoder("utf-8")().decode(raw)
                content, length = _DECODER.raw_decode(text)
            except ValueError:
                if start + size >= len(self._window):
                    raise self._wait_or("an object", start) from None
                size *= 8
            else:
                if start + len(text[:length].encode()) <= hit:
                    raise self._unknown("an object around what was found", hit)
                return dict(content)

    def _read_terms(self) -> _Step | None:
        """Read the terms of the wanted products."""
        window, at = self._window, self._at
        find, starts, between, size = window.find, window.startswith, self._between, len(self._between)
        while (hit := find(_PRICES, at)) >= 0:
            after = hit + len(_PRICES)
            if self._kind == ON_DEMAND or not starts(self._same, after):
                sku = window[after + size : find(b".", after + size, after + size + _LONGEST_KEY)]
                quoted = b'"%b"' % sku
                # Another product's prices, and between them and those before nothing but its entry's beginning.
                entry = find(quoted, at, hit) if starts(between, after) and sku != self._sku else 0
                if entry > 0 and window.endswith(self._comma, at, entry):
                    self._sku, self._product = sku, self._products.get(sku)
                    self._same = between + sku + b"."
                else:
                    self._at = at
                    self._read_sku(hit, after)
                    between, size = self._between, len(self._between)
            if self._product is not None:
                self._at = at
                self._read_prices(hit, self._product)
            at, self._open = after, _OPEN_AT_PRICES
        self._at = at
        if len(window) - at > _LARGEST_OBJECT:
            self._at, self._open = len(window) - _LONGEST_KEY, 0  # what comes after the terms
        return None

    def _read_sku(self, hit: int, after: int) -> None:
        """Read whose prices these are, and of which kind when an entry begins between here and the prices before."""
        code = _RATE_CODE.match(self._window, after)
        if code is None:
            raise self._wait_or("prices by rate code", after)
        entry = self._window.find(b'"%b"' % code[2], self._at, hit)
        if code[2] != self._sku or _BRACE.match(self._window, entry + len(code[2]) + 2, hit):
            if entry < 0:
                raise self._unknown(f"the terms of {code[2].decode()}", hit)
            self._read_kind(entry)
            self._sku, self._product = code[2], self._products.get(code[2])
        self._between = code[1]
        self._same = b"%b%b." % code.groups()

    def _read_kind(self, entry: int) -> None:
        """Read what stands before a product's entry: the entry before it, or the beginning of a kind of terms."""
        if self._window.endswith(self._comma, 0, entry):
            return
        before = _ENTRY_BEFORE.search(self._window, max(0, entry - _LONGEST_KEY), entry)
        if before is None:
            raise self._unknown("the entry of a product", entry)
        if before[1]:
            self._comma = before[1]
        else:
            self._kind = before[2].decode()
            check_kind(self._document, self._kind)

    def _read_prices(self, hit: int, product: Product) -> None:
        """Read the term around its prices, if it is not one of many that are refused alike."""
        if self.harvest.has_refused(product.refusal, product.fields, self._base + hit):
            return
        start = self._window.rfind(b'"%b.' % self._sku, 0, hit)
        key = _KEY.match(self._window, start) if start >= 0 else None
        code = key[1].decode() if key else ""
        if key is None or code.count(".") != 1:
            raise self._unknown(f"a term of {product.sku_id}", hit)
        term = self._object(key.end(), hit)
        if term.get("sku", product.sku_id) != product.sku_id:
            raise self._unknown(f"a term of {product.sku_id}", start)
        for row in read_term(self._document, product, self._kind, code, term):
            self.harvest.add(self._base + hit, row)

    def _wait_or(self, what: str, at: int) -> Exception:
        """Return the wish for more bytes, or, with enough of them there, the error of an unknown structure."""
        enough = self._final or len(self._window) - at > _LARGEST_OBJECT
        return self._unknown(what, at) if enough else _Wait()
