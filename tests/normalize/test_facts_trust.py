"""Plausible prices and decisions: the shipped files hold together, and a wrong row is named with file, row and key."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from normalize.facts import Facts, load_facts
from normalize.facts_bands import BANDS_FILE, read_bands
from normalize.facts_releases import RELEASES_FILE, read_releases
from normalize.records import CloudType, PriceBasis, PricingCategory
from scrapers.errors import FactsError

BANDS = """
[[band]]
gpu = "example-gpu-11gb"
lowest = { price = "0.11", of = "A machine", on = 2026-01-02, source_url = "https://example.org/low" }
highest = { price = "9.99", of = "A large machine", on = 2026-01-03, source_url = "https://example.org/high" }
width = "2"
[[premium]]
services = ["Managed", "Training"]
over = "Machines"
lowest = "1.1"
highest = "1.9"
evidence = "seen from 1.2 to 1.8"
source_url = "https://example.org/premiums"
checked_on = 2026-01-02
"""
RELEASES = """
[[release]]
source = "examplecloud-pricing"
provider = "Examplecloud"
service = "Machines"
sku = "x1.8xlarge"
region = "north"
operating_system = "Linux"
pricing_category = "committed"
price_basis = "list"
cloud_type = "secure"
commitment_months = "12"
payment_option = "no_upfront"
offering_class = "standard"
gpu = "example-gpu-11gb"
price = "99.99"
pricing_unit = "hour"
invariant = "outside_band"
reason = "It is a very large machine."
decided_on = 2026-01-02
decided_by = "Somebody"
source_url = "https://example.org/decision"
"""
READERS = {BANDS_FILE: read_bands, RELEASES_FILE: read_releases}

Read = Callable[..., object]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A function that reads one file of this text."""

    def read_text(file: str, text: str) -> object:
        (tmp_path / file).write_text(text, encoding="utf-8")
        return READERS[file](tmp_path)

    return read_text


def test_a_band_is_wider_than_what_was_seen(read: Read) -> None:
    """From lowest / width to highest x width, with the evidence of both."""
    (band,), (premium,) = read(BANDS_FILE, BANDS)  # type: ignore[misc]  # two tuples
    assert (band.floor, band.ceiling) == (Decimal("0.055"), Decimal("19.98"))
    assert (band.lowest.of, band.highest.source_url) == ("A machine", "https://example.org/high")
    assert (premium.services, premium.over) == (("Managed", "Training"), "Machines")


def test_a_release_names_an_offer_by_its_identity(read: Read) -> None:
    """The fields of the identity in their order; those that are left out are absent."""
    (full,) = read(RELEASES_FILE, RELEASES)  # type: ignore[misc]  # a tuple
    assert full.identity == (
        *("examplecloud-pricing", "Examplecloud", "Machines", "x1.8xlarge", "north", "Linux"),
        *(PricingCategory.COMMITTED, PriceBasis.LIST, CloudType.SECURE, 12, "no_upfront", "standard"),
        "example-gpu-11gb",
    )
    left_out = ("region", "operating_system", "cloud_type", "commitment_months", "payment_option", "offering_class")
    short = "\n".join(line for line in RELEASES.splitlines() if not line.startswith(left_out))
    (bare,) = read(RELEASES_FILE, short)  # type: ignore[misc]  # a tuple
    assert bare.identity == (
        *("examplecloud-pricing", "Examplecloud", "Machines", "x1.8xlarge", None, None),
        *(PricingCategory.COMMITTED, PriceBasis.LIST, None, None, None, None, "example-gpu-11gb"),
    )


def test_no_release_at_all_is_a_good_file(read: Read) -> None:
    """Comments alone are a list without decisions; another table is still refused."""
    assert read(RELEASES_FILE, "# Nothing was decided yet.\n") == ()
    with pytest.raises(FactsError, match="must hold exactly the tables release"):
        read(RELEASES_FILE, "[[decision]]\nsku = 'x'\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            BANDS_FILE,
            'price = "9.99"',
            'price = "0.1"',
            "[[band]] 'example-gpu-11gb': highest: 0.1 is below the lowest",
        ),
        (BANDS_FILE, 'width = "2"', 'width = "0.5"', "width: 0.5 would leave out the figures themselves"),
        (BANDS_FILE, 'price = "0.11"', 'price = "0"', "lowest: price: '0' is not a positive number"),
        (BANDS_FILE, 'of = "A machine", ', "", "[[band]] 'example-gpu-11gb': lowest: of: is missing"),
        (BANDS_FILE, "on = 2026-01-03", 'on = "2026-01"', "highest: on: must be a date"),
        (BANDS_FILE, 'of = "A machine"', 'of = "A machine", by = "me"', "lowest: by: unknown key"),
        (BANDS_FILE, 'highest = "1.9"', 'highest = "1.0"', "[[premium]] 'Machines': highest: 1.0 is below the lowest"),
        (BANDS_FILE, '"Managed", "Training"', '"Managed", "Managed"', "services: must hold different texts"),
        (BANDS_FILE, 'width = "2"\n', f'width = "2"\n{BANDS.partition("[[premium]]")[0]}', "is there twice"),
        (RELEASES_FILE, '"outside_band"', '"two_prices"', "invariant: 'two_prices' is none of 'count_out_of_bounds'"),
        (RELEASES_FILE, 'reason = "It is a very large machine."', 'reason = ""', "reason: must not be empty"),
        (RELEASES_FILE, "decided_on = 2026-01-02\n", "", "[[release]] 'x1.8xlarge': decided_on: is missing"),
        (RELEASES_FILE, '"secure"', '"private"', "cloud_type: 'private' is none of 'community', 'secure'"),
        (RELEASES_FILE, '"12"', '"24"', "commitment_months: '24' is none of"),
        (RELEASES_FILE, '"99.99"', "99.99", "price: must be a text in quotes"),
        (RELEASES_FILE, '"committed"', '"reserved"', "pricing_category: 'reserved' is none of"),
        (RELEASES_FILE, RELEASES, RELEASES + RELEASES, "is there twice"),
    ],
)
def test_a_wrong_row_is_named(read: Read, file: str, old: str, new: str, said: str) -> None:
    """The message names file, row and key, and what is wrong."""
    good = {BANDS_FILE: BANDS, RELEASES_FILE: RELEASES}[file]
    assert good.count(old) >= 1
    with pytest.raises(FactsError) as caught:
        read(file, good.replace(old, new, 1))
    assert said in str(caught.value)
    assert file in str(caught.value)


def test_a_band_of_an_unknown_card_is_refused(tmp_path: Path) -> None:
    """A card that nobody knows would never be held against its band."""
    from normalize.facts import default_facts_folder  # noqa: PLC0415  # copied, not loaded

    for path in default_facts_folder().glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(
            text.replace('gpu = "b300-288gb"\nlowest', 'gpu = "b301-288gb"\nlowest'), "utf-8"
        )
    with pytest.raises(FactsError, match=r"\[\[band\]\] 'b301-288gb': gpu: b301-288gb not in gpus.toml"):
        load_facts(tmp_path)


def test_every_shipped_band_is_dated_and_wide(kept_facts: Facts) -> None:
    """Twice what was seen where much is public, four times where little is; never a future figure."""
    assert len(kept_facts.bands) > 30
    for band in kept_facts.bands:
        assert band.width in {2, 4}, band.gpu
        assert {band.lowest.on.year, band.highest.on.year} <= {2024, 2025, 2026}, band.gpu


def test_cards_of_the_report_have_bands(kept_facts: Facts) -> None:
    """What clients ask for is judged; a card of which nothing is public is not."""
    for gpu in ("a10g-24gb", "l40s-48gb", "a100-sxm-40gb", "a100-sxm-80gb", "h100-sxm-80gb", "h200-sxm-141gb"):
        assert kept_facts.band(gpu) is not None
    assert kept_facts.band("rtx-3070-8gb") is None
