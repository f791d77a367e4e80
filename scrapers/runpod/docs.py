"""`runpod-docs`: two tables of RunPod's documentation, the serverless prices and the list of GPU types.

docs.runpod.io is a Mintlify site, which serves every page as Markdown when ``.md`` is added to its
address (mintlify.com/docs/ai/markdown-export). That both addresses below answer so, and that the
serverless table has been on the endpoint settings page alone since 2026-06-29, is certain from the
documentation's repository and from readers who cite them (2026-10-04, 2026-10-07); how the Markdown of
today looks, only a live run can confirm.

No price in this table changed between 2025-05-13 and 2026-08-20 while the pricing page's did: it is a
cross-check.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.runpod import docs_catalogue, docs_serverless, words
from scrapers.runpod.markdown_table import tables
from scrapers.strict import fail, read_text
from scrapers.wire.web import Web

SOURCE = Source(
    id="runpod-docs",
    title="RunPod documentation: serverless prices and GPU types",
    publisher="RunPod",
    url="https://docs.runpod.io/serverless/endpoints/endpoint-configurations",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    expected_listings=(40, 90),  # 10 serverless groups, Flex and Active, and 45 GPU types on 2026-08-20
    max_age_days=120,  # the table changed twice in 15 months
    allowed_hosts=("docs.runpod.io",),
)

PAGES = {
    "serverless-pricing.md": "https://docs.runpod.io/serverless/endpoints/endpoint-configurations.md",
    "gpu-types.md": "https://docs.runpod.io/references/gpu-types.md",
}
"""Resource and address of each page."""

READERS = (docs_serverless, docs_catalogue)
"""Each knows its table by the header, whatever the file is called."""


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # one price for all regions
    """Yield the two pages.

    Raises:
        FetchError: a page did not come.
    """
    for resource, url in PAGES.items():
        yield web.get(SOURCE, url, resource)


def parse(document: Document) -> list[Listing]:
    """Return the listings of every known table of a page.

    Raises:
        ParseError: the page has neither table, or a table is not built as known.
    """
    found = list(tables(read_text(document)))
    known = [(reader, table) for table in found for reader in READERS if reader.matches(table)]
    if not known:
        headers = [" | ".join(table.header) for table in found]
        problem = (
            f"looked for a table with the header {' | '.join(docs_serverless.HEADER_START)} ... "
            f"or {' | '.join(docs_catalogue.HEADER)}, found {headers or 'no table'}"
        )
        raise fail(document, problem)
    return words.unique(document, [listing for reader, table in known for listing in reader.read(document, table)])
