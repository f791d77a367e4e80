"""Reading a report's list of figures again, strictly: whoever verifies must not trust what is to be verified."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from normalize.computed import Computed, Quantity
from normalize.records import Citation, Offer
from reports.figures_file import FORMAT, QUOTED, digest_of
from scrapers.errors import UsageError
from scrapers.records import Obtained


def _with_texts(content: Any) -> Any:  # noqa: ANN401  # whatever stands in the file
    """Put back the empty texts that JSON has as null."""
    if not isinstance(content, dict):
        return content
    empty: dict[str, Any] = {name: "" for name in ("absence", "body") if name in content and content[name] is None}
    cited = content.get("citations")
    if isinstance(cited, list):
        empty["citations"] = [_with_texts(citation) for citation in cited]
    return {**content, **empty}


class _Part(BaseModel):
    """A part of the file: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StatedFigure(_Part):
    """One figure as the file states it; fields as in `reports.figures_file`."""

    id: str
    section: int | None
    where: str
    row: str | None
    column: str | None
    printed: str
    quantity: Quantity | Literal["quoted"]
    unit: str | None
    value: Decimal | None
    formula: str | None
    offers: tuple[int, ...]
    receipts: tuple[int, ...]


class StatedReceipt(_Part):
    """One receipt as the file states it."""

    number: int
    subject: str
    derivation: str | None
    source: str
    url: str
    retrieved_at: datetime
    obtained: Obtained
    sha256: str
    body: str | None
    locator: str
    quote: str

    @property
    def citation(self) -> Citation:
        """The receipt as a citation."""
        return Citation(
            source=self.source,
            url=self.url,
            retrieved_at=self.retrieved_at,
            obtained=self.obtained,
            sha256=self.sha256,
            locator=self.locator,
            quote=self.quote,
            body=self.body or "",
        )


class StatedText(_Part):
    """What is printed in one place, and the ids of its figures."""

    where: str
    text: str
    figures: tuple[str, ...]


class FiguresFile(_Part):
    """The figures of a report; fields as in `reports.figures_file`."""

    format: Literal[1]
    generator: str
    brief: str
    title: str
    client: str
    date: str
    as_of: datetime
    data_as_of: str
    renderings: dict[str, str]
    figures: tuple[StatedFigure, ...]
    offers: tuple[Annotated[Offer, BeforeValidator(_with_texts)], ...]
    receipts: tuple[StatedReceipt, ...]
    texts: tuple[StatedText, ...]
    digest: str

    def computed(self, figure: StatedFigure) -> Computed | None:
        """Return what a figure is computed from; None for what is only quoted.

        Raises:
            ValueError: it has no value, or an offer that the file does not hold.
        """
        if figure.quantity == QUOTED:
            return None
        if figure.value is None or any(not 0 <= n < len(self.offers) for n in figure.offers) or not figure.offers:
            raise ValueError("the list of figures does not say what it is computed from")
        return Computed(Quantity(figure.quantity), figure.value, tuple(self.offers[n] for n in figure.offers))


_READER: TypeAdapter[FiguresFile] = TypeAdapter(FiguresFile)


def read_figures(body: bytes, name: str) -> tuple[FiguresFile, bool]:
    """Return a report's list of figures, and whether it is as it was written.

    Args:
        body: the file.
        name: of the file, for messages.

    Raises:
        UsageError: it is no such list, or one of another format.
    """
    try:
        content = json.loads(body)
        found = content["format"] if isinstance(content, dict) and "format" in content else None
        if found != FORMAT:
            raise UsageError(f"{name}: looked for a report's figures of format {FORMAT}, found format {found!r}")
        return _READER.validate_python(content), digest_of(content) == content.get("digest")
    except ValidationError as exc:
        first = exc.errors()[0]
        place = "/".join(map(str, first["loc"]))
        raise UsageError(f"{name}: is no list of a report's figures: {place}: {first['msg']}") from exc
    except (ValueError, RecursionError) as exc:
        raise UsageError(f"{name}: is no JSON: {exc}") from exc
