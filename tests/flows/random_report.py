"""A report of random artificial offers with the store that it was read from, for the property of verifying.

Sources, formats, units, sizes, fees and means are drawn; every body is of Examplecloud, and every locator kind that
a price can have is among them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from hypothesis import strategies as st

from normalize.computed import age_days, gpu_count, percent, usd_per_gpu_hour, usd_per_sku_hour
from normalize.records import Citation, Offer, PriceBasis, PricingCategory
from normalize.units import effective_hourly, per_gpu_hour, plain
from reports.as_html import render_html
from reports.as_markdown import render_markdown
from reports.figures_file import figures_file
from reports.receipts import ReceiptBook, money, signed_percent
from reports.records import Bullets, Column, Line, Paragraph, Report, Section, Span, Table
from scrapers.archive.store import Store
from scrapers.places.locate import read_locator
from scrapers.records import Capture, Content, Obtained, Response

TAKEN_AT = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
AS_OF = TAKEN_AT + timedelta(days=7)
SKUS = ("x1.large", "x1.8xlarge", "GPU-7 Ada PRO", "a|b *c* _d_ <e> [f] $5", "№ 9 — 7.5 GB")
prices = st.decimals("0.0001", "9999", places=4).filter(lambda p: p > 0).map(lambda p: plain(p.normalize()))


class Drawn(NamedTuple):
    """One price before it is published: digits, unit, GPUs, an upfront fee, or the zones whose mean it is."""

    price: str
    unit: str
    gpus: str
    sku: str
    fee: str | None
    zones: tuple[str, ...]


@st.composite
def drawn_prices(draw: st.DrawFn) -> Drawn:
    """Draw one price."""
    kind = draw(st.sampled_from(("plain", "plain", "fee", "mean")))
    return Drawn(
        price=draw(prices),
        unit=draw(st.sampled_from(("hour", "minute", "second"))) if kind == "plain" else "hour",
        gpus=draw(st.sampled_from(("1", "2", "8", "3", "0.5", "0.125"))),
        sku=draw(st.sampled_from(SKUS)),
        fee=draw(prices) if kind == "fee" else None,
        zones=tuple(draw(st.lists(prices, min_size=2, max_size=3))) if kind == "mean" else (),
    )


sources = st.lists(
    st.tuples(
        st.sampled_from(("json", "jsonld", "csv", "row", "md", "css")), st.lists(drawn_prices(), min_size=1, max_size=4)
    ),
    min_size=1,
    max_size=3,
)


def publish(kind: str, texts: Sequence[str]) -> tuple[bytes, str, list[str]]:
    """Write texts in a format; return the body, its media type, and a locator for each text."""
    numbers = range(len(texts))
    match kind:
        case "json":
            body = json.dumps({"prices": list(texts)})
            return body.encode(), "application/json", [f"json:/prices/{n}" for n in numbers]
        case "jsonld":
            body = f'<script type="application/ld+json">{json.dumps(list(texts))}</script>'
            return body.encode(), "text/html", [f"jsonld:0/{n}" for n in numbers]
        case "md":
            rows = [f"| GPU {n} | \\{text} |" for n, text in enumerate(texts)]
            return (
                "\n".join(["| GPU | Price |", "|---|---|", *rows]).encode(),
                "text/markdown",
                [f"md:{n + 3};2" for n in numbers],
            )
        case "css":
            body = "<html><body>" + "".join(f"<p>{text}</p>" for text in texts) + "</body></html>"
            path = "css:html:nth-of-type(1) > body:nth-of-type(1) > p:nth-of-type({})"
            return body.encode(), "text/html", [path.format(n + 1) for n in numbers]
        case _:
            out = io.StringIO()
            csv.writer(out).writerows([["id", "price"], *([f"X{n}", text] for n, text in enumerate(texts))])
            places = [f"csv:{n + 2};price" if kind == "csv" else f"row:id=X{n};price" for n in numbers]
            return out.getvalue().encode(), "text/csv", places


def printed_texts(price: Drawn) -> list[str]:
    """Return the texts that a price takes on its page: its digits, a fee's, or one per zone."""
    fee = [f"${price.fee} upfront"] if price.fee else []
    return list(price.zones) if price.zones else [f"${price.price}", *fee]


def make_offer(builders: ModuleType, price: Drawn, cited: Sequence[Citation], source: str) -> Offer:
    """Make the offer of a price by the formulas of the sources, not by what verifies them."""
    count, periods = Decimal(price.gpus), {"hour": 1, "minute": 60, "second": 3600}[price.unit]
    months = 12 if price.fee else None
    unit_price = Decimal(price.price)
    if price.fee:
        unit_price = effective_hourly(unit_price, Decimal(price.fee), 12)
    per_gpu = per_gpu_hour(unit_price, Decimal(periods), count)
    if price.zones:
        zones = [Decimal(zone) for zone in price.zones]
        unit_price = mean(zones)
        per_gpu = mean([per_gpu_hour(zone, Decimal(periods), count) for zone in zones])
    made: Offer = builders.offer(
        source=source,
        sku=price.sku,
        gpu_count=count,
        pricing_unit=price.unit,
        list_unit_price=unit_price,
        upfront_fee=Decimal(price.fee) if price.fee else None,
        commitment_months=months,
        pricing_category=PricingCategory.COMMITTED if price.fee else PricingCategory.ON_DEMAND,
        payment_option="partial_upfront" if price.fee else None,
        offering_class="standard" if price.fee else None,
        price_basis=PriceBasis.ZONE_MEAN if price.zones else PriceBasis.LIST,
        usd_per_gpu_hour=per_gpu,
        observed_at=TAKEN_AT,
        citations=tuple(cited),
    )
    return made


def mean(figures: Sequence[Decimal]) -> Decimal:
    """Return the mean, rounded as every quotient of the house is."""
    return per_gpu_hour(sum(figures, Decimal(0)), Decimal(1), Decimal(len(figures)))


def store_offers(builders: ModuleType, root: Path, drawn: Sequence[tuple[str, Sequence[Drawn]]]) -> list[Offer]:
    """Publish the prices, store the bodies as one snapshot, and return the offers that cite them."""
    store = Store(root)
    writer = store.writer(TAKEN_AT, written_by="ratecard test")
    published = []
    for number, (kind, mine) in enumerate(drawn):
        body, media_type, places = publish(kind, [text for price in mine for text in printed_texts(price)])
        source, url = f"examplecloud-{number}", f"https://examplecloud.example/{number}"
        response = Response(f"prices.{kind}", url, url, TAKEN_AT, 200, media_type, Content.of(body))
        writer.add(source, response, obtained=Obtained.IMPORTED)
        published.append((source, mine, places))
    captures = {capture.source: capture for capture in writer.commit().captures}
    offers = []
    for source, mine, places in published:
        left = iter(places)
        for price in mine:
            cited = [cite(store, captures[source], next(left)) for _ in printed_texts(price)]
            offers.append(make_offer(builders, price, cited, source))
    return offers


def cite(store: Store, capture: Capture, locator: str) -> Citation:
    """Cite what stands at a locator."""
    quote = read_locator(store.document(capture), locator)
    return Citation(
        capture.source,
        capture.answered_url,
        capture.retrieved_at,
        capture.obtained,
        capture.sha256,
        locator,
        quote,
        capture.body,
    )


def make_report(sample: Report, offers: Sequence[Offer]) -> Report:
    """Make a report that prints every kind of figure of these offers."""
    book = ReceiptBook({offer.source: f"Title of {offer.source}" for offer in offers}, AS_OF, {})
    columns = tuple(Column(head) for head in ("What", "Per hour", "Per GPU", "GPUs", "Against the first"))
    rows = tuple(_row(offers[0], offer, book) for offer in offers)
    items: tuple[Line, ...] = tuple((Span(f"{offer.sku} is "), _age(offer), Span(" days old")) for offer in offers)
    blocks = (
        Paragraph((Span("Figures of 2031.", url="https://examplecloud.example/1"),)),
        Table("In USD", columns, rows),
        Bullets(items),
    )
    return replace(
        sample,
        sections=(Section(1, "prices", "Prices", blocks),),
        receipts=book.receipts(),
        brief="random",
        as_of=f"{AS_OF:%Y-%m-%dT%H:%M:%SZ}",
        date=f"{AS_OF:%Y-%m-%d}",
    )


def _row(first: Offer, offer: Offer, book: ReceiptBook) -> tuple[Line, ...]:
    whole, each, count, delta = (
        usd_per_sku_hour(offer),
        usd_per_gpu_hour(offer),
        gpu_count(offer),
        percent(first, offer),
    )
    receipts = book.cite(offer)
    return (
        (Span(offer.sku, code=True),),
        (Span(f"{money(whole.value)}/hr", receipts=receipts, figure=whole),),
        (Span(money(each.value), bold=True, figure=each), Span(" per GPU")),
        (Span(plain(count.value), figure=count),),
        (Span(signed_percent(delta.value), figure=delta),),
    )


def _age(offer: Offer) -> Span:
    age = age_days((offer,), AS_OF)
    return Span(plain(age.value), figure=age)


def write_files(report: Report, folder: Path) -> Path:
    """Write all but the PDF, which takes a second, and return the path of the list of figures."""
    name = "random.figures.json"
    renderings = {"md": render_markdown(report).encode(), "html": render_html(report, figures=name).encode()}
    for suffix, body in renderings.items():
        (folder / f"random.{suffix}").write_bytes(body)
    (folder / name).write_bytes(figures_file(report, renderings))
    return folder / name
