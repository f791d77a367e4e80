"""Records as rows for other programs: JSON with stable keys, CSV, Parquet with exact decimals.

Keys are the records' field names, decimals are text, times ISO 8601 UTC, and what is absent is null, never 0 or "".
"""

from __future__ import annotations

import enum
import io
import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from normalize.records import Change, Offer
from normalize.units import plain

_VERBATIM = {"quote"}
"""Fields whose "" is what stands there, e.g. in an empty attribute; every other "" says that there is nothing."""
_CHANGE_OFFER_FIELDS = (
    "source",
    "provider",
    "service",
    "sku",
    "sku_id",
    "region",
    "operating_system",
    "pricing_category",
    "price_basis",
    "cloud_type",
    "commitment_months",
    "payment_option",
    "offering_class",
    "gpu",
    "gpu_count",
)


_DECIMALS = ("list_unit_price", "upfront_fee", "usd_per_gpu_hour", "gpu_count", "gpu_memory_gib")


def record(item: Any) -> dict[str, Any]:  # noqa: ANN401  # any record of the house
    """Return a record as a JSON object; keys in the order of its fields."""
    return {f.name: _value(f.name, getattr(item, f.name)) for f in fields(item)}


def change_record(change: Change) -> dict[str, Any]:
    """Return a change as a JSON object; its offer is cut to the fields that identify it."""
    content = record(change)
    if content["offer"] is not None:
        content["offer"] = {name: content["offer"][name] for name in _CHANGE_OFFER_FIELDS}
    return content


def _value(name: str, value: Any) -> Any:  # noqa: ANN401  # a field holds anything
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return _moment(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple):
        return [_value(name, item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return record(value)
    return None if value == "" and name not in _VERBATIM else value


def _moment(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def to_json(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as an indented JSON array, with a line end."""
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def to_csv(offers: Sequence[Offer]) -> str:
    """Return offers as CSV with a header; the first citation's parts stand in columns of their own."""
    import pandas as pd  # noqa: PLC0415  # half a second that most commands never need

    frame = pd.DataFrame([_flat(offer) for offer in offers], columns=list(_columns()), dtype=object)
    return frame.to_csv(index=False, lineterminator="\n")


def to_parquet(offers: Sequence[Offer], *, made_with: str = "") -> bytes:
    """Return offers as a Parquet file; decimals are decimal128(38, 18), exactly.

    Args:
        offers: the rows.
        made_with: name and version of the program, kept in the file's metadata.

    Raises:
        pyarrow.ArrowInvalid: a number has more than 18 decimals; it is never rounded.
    """
    import pyarrow as pa  # noqa: PLC0415  # half a second that most commands never need
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = dict.fromkeys(_DECIMALS, pa.decimal128(38, 18))
    rows = [_flat(offer) for offer in offers]
    arrays = {
        name: pa.array(
            [Decimal(row[name]) if name in types and row[name] is not None else row[name] for row in rows],
            type=types.get(name, pa.int64() if name == "commitment_months" else pa.string()),
        )
        for name in _columns()
    }
    sink = io.BytesIO()
    table = pa.table(arrays).replace_schema_metadata({"made_with": made_with})
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _columns() -> tuple[str, ...]:
    own = tuple(f.name for f in fields(Offer) if f.name != "citations")
    return (*own, "url", "sha256", "locator", "quote")


def _flat(offer: Offer) -> dict[str, Any]:
    content = record(offer)
    first = content.pop("citations")[0]
    content["gpu_pool"] = " ".join(content["gpu_pool"]) or None
    content["gpu_as_printed"] = " ".join(part for part in content["gpu_as_printed"] if part) or None
    return content | {name: first[name] for name in ("url", "sha256", "locator", "quote")}
