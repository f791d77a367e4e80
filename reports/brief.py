"""Briefs: what a client asks, one TOML file per deliverable, read strictly."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from normalize.facts import Facts
from normalize.records import PricingCategory
from scrapers.errors import FactsError, UsageError

BRIEFS = Path(__file__).parent / "briefs"


class _Strict(BaseModel):
    """A table of a brief: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Product(_Strict):
    """One side of a comparison.

    Attributes:
        label: as printed in table heads.
        provider: as in the offers.
        services: products that answer, the preferred first.
        category: how it is sold.
    """

    label: str
    provider: str
    services: tuple[str, ...] = Field(min_length=1)
    category: PricingCategory


class Pairing(_Strict):
    """Two products side by side; the delta is (right - left) / left."""

    left: Product
    right: Product


class AlwaysOn(Pairing):
    """The pairing of products that are billed while they exist, with the spot price beside it."""

    spot: Product


class GpuRow(_Strict):
    """One row of the tables: what the client calls it, and the cards it may be.

    Attributes:
        label: as printed.
        gpus: canonical ids; the first is the one the row is about.
    """

    label: str
    gpus: tuple[str, ...] = Field(min_length=1)


class Brief(_Strict):
    """A client's brief.

    Attributes:
        name: its file's stem.
        title: of the document.
        client: for people.
        client_link: name of the client's page for a wiki link.
        publish: front matter.
        language: BCP 47.
        author: of the document.
        related_issue: "" for none.
        region: region code of the prices that are compared.
        sections: their names, in order.
        gpu: the rows.
        serverless: products that scale to zero.
        always_on: products that are billed while they exist.
    """

    name: str
    title: str
    client: str
    client_link: str
    publish: bool
    language: str
    author: str
    related_issue: str = ""
    region: str
    sections: tuple[str, ...] = Field(min_length=1)
    gpu: tuple[GpuRow, ...] = Field(min_length=1)
    serverless: Pairing
    always_on: AlwaysOn


def brief_names(folder: Path = BRIEFS) -> list[str]:
    """Return the names of all briefs."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def load_brief(name: str, facts: Facts, folder: Path = BRIEFS) -> Brief:
    """Read a brief and check every GPU that it names.

    Args:
        name: the brief's name, without ``.toml``.
        facts: the hand-kept facts, which know all GPUs.
        folder: where the briefs are.

    Raises:
        UsageError: there is no such brief.
        FactsError: the file is not a brief; the message names the file and the key.
    """
    path = folder / f"{name}.toml"
    if name not in brief_names(folder):
        message = f"unknown brief {name!r}; the briefs are: {', '.join(brief_names(folder))}"
        raise UsageError(message)
    try:
        brief = Brief.model_validate({"name": name, **tomllib.loads(path.read_text(encoding="utf-8"))})
    except tomllib.TOMLDecodeError as exc:
        message = f"{path.name}: is not TOML: {exc}"
        raise FactsError(message) from exc
    except ValidationError as exc:
        raise FactsError(_explain(path, exc)) from exc
    for row in brief.gpu:
        for gpu in row.gpus:
            try:
                facts.gpu(gpu)
            except FactsError as exc:
                message = f"{path.name}: gpu {row.label!r}: {exc}"
                raise FactsError(message) from exc
    return brief


def _explain(path: Path, error: ValidationError) -> str:
    """Return pydantic's findings as one line per key."""
    lines = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return f"{path.name}: " + "; ".join(lines)
