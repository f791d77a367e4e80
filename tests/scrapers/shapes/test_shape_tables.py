"""Columns and enumerations of a CSV, headings and columns of Markdown."""

from __future__ import annotations

from scrapers.shapes.shape_tables import structure_of_csv, structure_of_markdown

HEAD = '"FormatVersion","v1.0"\n"Disclaimer","a, b"\n"SKU","TermType","Price","Unit","Date"\n'
ROWS = "".join(
    f"S{n},{'OnDemand' if n % 3 else 'Reserved'},{n}.5,{'Hrs' if n % 2 else ''},2026-11-0{n % 2}\n" for n in range(40)
)


def test_header_comes_after_the_metadata() -> None:
    """The first of the widest lines is the header, quoted or not."""
    found = structure_of_csv((HEAD + ROWS).encode(), whole=False)

    assert found == {"columns": {"SKU", "TermType", "Price", "Unit", "Date"}}


def test_values_of_enumerations_are_told_of_a_whole_file() -> None:
    """Few words, many times each, are an enumeration; ids, numbers, dates and empty fields are data."""
    found = structure_of_csv((HEAD + ROWS).encode(), whole=True)

    assert found["values"] == {"TermType = OnDemand", "TermType = Reserved", "Unit = Hrs"}


def test_few_rows_are_no_enumeration() -> None:
    """With less than five rows for a value nothing says that it is one of few."""
    found = structure_of_csv(b"a,b\nx,y\nx,y\nx,y\nx,y\n", whole=True)

    assert found["values"] == set()
    assert structure_of_csv(b"a,b\n" + b"x,y\n" * 5, whole=True)["values"] == {"a = x", "b = y"}


def test_what_is_no_csv_has_its_first_words_as_columns() -> None:
    """A sentence in place of a file is told; nothing, short lines and broken records break nothing."""
    assert structure_of_csv(b"Please wait", whole=True)["columns"] == {"Please wait"}
    assert structure_of_csv(b"", whole=True) == {"columns": set(), "values": set()}
    assert structure_of_csv(b"a,b,c\nx\n" * 9, whole=True)["columns"] == {"a", "b", "c"}
    assert structure_of_csv(b"a,b\n" + b"x" * 200_000, whole=True) == {"columns": set()}


def test_markdown_tables_and_headings_are_told() -> None:
    """Bold, escapes and padding are no part of a name; a line with bars that heads no table is none."""
    text = r"""---
title: Pricing
---
# Pricing **table** \$
| **GPU type(s)** | Memory  |   |
| :--- | ---: | - |
| Z9 | 80 GB | |
#hashtag
a | b
c | d
"""
    assert structure_of_markdown(text.encode()) == {
        "headings": {"Pricing table $"},
        "columns": {"GPU type(s)", "Memory"},
    }
    assert structure_of_markdown(b"\xff") == {"headings": set(), "columns": set()}
