"""RunPod's GraphQL answer and the two tables of its documentation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from json_numbers import json_text, number
from tables import Body, Figure

_NOTE = "{/* Reconstructed by Ratecard from dated public figures. Not a copy of RunPod's page. */}"


def gpu_types_answer(_body: Body, figures: Sequence[Figure]) -> str:
    """Return the answer to a `gpuTypes` query, with the fields whose values are public."""
    types = [_gpu_type(list(group)) for _, group in groupby(figures, key=lambda figure: figure.sku_id)]
    return json_text({"data": {"gpuTypes": types}})


def _gpu_type(clouds: Sequence[Figure]) -> dict[str, Any]:
    first = clouds[0]
    prices = {figure.cloud: number(figure.price) for figure in clouds}
    return {
        "id": first.sku_id,
        "displayName": first.sku,
        "memoryInGb": number(first.gpu_memory),
        "secureCloud": "Secure Cloud" in prices,
        "communityCloud": "Community Cloud" in prices,
        "securePrice": prices.get("Secure Cloud"),
        "communityPrice": prices.get("Community Cloud"),
    }


def serverless_table(_body: Body, figures: Sequence[Figure]) -> str:
    """Return the snippet with the serverless prices, in the columns of its day: Flex and Active, or one cost."""
    groups = [list(group) for _, group in groupby(figures, key=lambda figure: figure.sku)]
    titles = ["GPU type(s)", "Memory", *(figure.terms for figure in groups[0]), "Description"]
    rows = [[group[0].sku, group[0].gpu_memory, *(rf"\${figure.price}" for figure in group), ""] for group in groups]
    return "\n".join([_NOTE, "", *_table([f"**{title}**" for title in titles], rows), ""])


def gpu_types_page(_body: Body, figures: Sequence[Figure]) -> str:
    """Return the page that lists RunPod's GPUs: id, display name and memory, no prices."""
    rows = [[figure.sku_id, figure.sku, figure.gpu_memory] for figure in figures]
    head = ["---", 'title: "GPU types"', "---", "", _NOTE, ""]
    return "\n".join([*head, *_table(["GPU ID", "Display Name", "Memory (GB)"], rows), ""])


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table with padded columns."""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    rule = ["-" * width for width in widths]
    lines = [titles, rule, *rows]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
