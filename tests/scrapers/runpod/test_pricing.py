"""The pricing page: what is refused, and which of two statements wins."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.places.locate import read_locator
from scrapers.records import Document, Listing
from scrapers.runpod import pricing

DocumentOf = Callable[[str, str], Document]


def row(name: str = "Example", inner: str = "", tags: str = "11 GB VRAM 99 GB RAM") -> str:
    """Write a row of the Pods."""
    return (
        '<div class="gpu_collection-item w-dyn-item"><div class="gpu_table-row">'
        f'<p class="gpu_name is-pricing-page">{name}</p><p class="gpu_table-tags">{tags}</p>{inner}</div></div>'
    )


def price(secure: str = "1001.01", community: str = "1002.02", shown: str = "") -> str:
    """Write a price element with both attributes."""
    return f'<p class="gpu_table-price" data-secure="{secure}" data-community="{community}">{shown}</p>'


def product(name: str = "Example", offers: str = '{"lowPrice": "9001.01", "highPrice": "9002.02"}') -> str:
    """Write a JSON-LD script with one product."""
    record = f'{{"@type": "Product", "name": "{name} GPU on Runpod", "offers": {offers}}}'
    return f'<script type="application/ld+json">{{"@graph": [{record}]}}</script>'


def page(*parts: str) -> str:
    """Write a page of these parts."""
    return f"<html><head></head><body>{''.join(parts)}</body></html>"


@pytest.fixture
def parse(document_of: DocumentOf) -> Callable[..., list[Listing]]:
    """Parse a page made of these parts, and see that every listing can be found again."""

    def parse_page(*parts: str) -> list[Listing]:
        document = document_of("runpod-pricing", page(*parts))
        listings = pricing.parse(document)
        assert [read_locator(document, listing.locator) for listing in listings] == [
            listing.quote for listing in listings
        ]
        return listings

    return parse_page


Parse = Callable[..., list[Listing]]


@pytest.mark.parametrize("body", ["<html><body><h1>Pricing</h1></body></html>", '{"data": 1}'])
def test_page_without_any_known_shape_is_refused(body: str, document_of: DocumentOf) -> None:
    """A page that no reader knows is an error that names everything that was looked for, and what stands there."""
    with pytest.raises(ParseError) as raised:
        pricing.parse(document_of("runpod-pricing", body))

    for looked_for, _ in (*pricing.POD_READERS, pricing.TEXT_READER):
        assert looked_for in raised.value.problem
    assert "found a page titled" in raised.value.problem


def test_page_whose_script_has_not_run_is_refused(parse: Parse) -> None:
    """Rows that all show 0 are a page that was saved too early, not a list of free GPUs."""
    with pytest.raises(ParseError, match="found none: was the page's script run"):
        parse(row("Example One", '<p class="gpu_table-pricing">$0/hr</p>'))


def test_both_clouds_come_from_the_attributes(parse: Parse) -> None:
    """Whatever price is shown by default, a row gives Secure and Community from its attributes."""
    listings = parse(row(inner=price(shown="$<b class='active-price'>1002.02</b>/hr")))

    assert [(listing.cloud, listing.price_text) for listing in listings] == [
        ("Secure Cloud", "1001.01"),
        ("Community Cloud", "1002.02"),
    ]


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ("$0.10101/sec", r"per hour, but the row shows \['/sec'\]"),
        ("$1001.01/mo", r"per hour, but the row shows \['/mo'\]"),
        ("€1001.01/hr", "in US dollars, found '€'"),
        ("1001.01 EUR", "in US dollars, found 'EUR'"),
    ],
)
def test_attributes_beside_another_unit_or_currency_are_refused(shown: str, problem: str, parse: Parse) -> None:
    """The attributes have neither: when the row shows euros or seconds, they may be euros or seconds, too."""
    with pytest.raises(ParseError, match=problem):
        parse(row(inner=price(shown=shown)))


def test_row_with_one_attribute_is_refused(parse: Parse) -> None:
    """A row that lost one of the two attributes is a new shape, not a GPU that one cloud lacks."""
    with pytest.raises(ParseError, match="Example: looked for 'data-community', found class, data-secure"):
        parse(row(inner='<p class="gpu_table-price" data-secure="1001.01"></p>'))


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ("€1001.01/hr", "looked for prices in US dollars, found '€'"),
        ("1001.01 EUR/hr", "looked for prices in US dollars, found 'EUR'"),
        ("$1001.01", "looked for data-secure and data-community, or a price like"),
        ("1001.01", r"or a price like '\$2\.99/hr' in .* found \['1001\.01'\]"),
        ("ask", r"or a price like '\$2\.99/hr' in .* found \['ask'\]"),
        ("$1001.01 / month", r"looked for prices per hour, but the row shows \['/month'\]"),
        ("$1001.01 per second", r"looked for prices per hour, but the row shows \['per second'\]"),
    ],
)
def test_visible_price_that_is_not_dollars_per_hour_is_refused(shown: str, problem: str, parse: Parse) -> None:
    """Without attributes the visible text must be a price in dollars per hour, or a known absence."""
    with pytest.raises(ParseError, match=f"Example: .*{problem}"):
        parse(row(inner=f'<p class="gpu_table-pricing">{shown}</p>'))


def test_row_without_any_price_says_why(parse: Parse) -> None:
    """Two empty attributes beside "Contact sales" are no price for anybody; beside another cloud's price, one is."""
    sales = price("", "0") + "<a>Contact sales</a>"
    both, one = parse(row("Both", sales), row("One", price("1001.01", "") + "<a>Contact sales</a>"))[1:3]

    assert (both.cloud, both.absence) == ("Community Cloud", "no public price: the page says contact sales")
    assert one.price_text == "1001.01"
    last = parse(row("One", price("1001.01", "") + "<a>Contact sales</a>"))[1]
    assert last.absence == "not offered in the Community Cloud: data-community is ''"


def test_half_rendered_rows_are_refused(parse: Parse) -> None:
    """One row without a price among many is a GPU without one; a quarter of them is a page saved too early."""
    bare, good = row("Bare", price("0", "")), [row(f"Good {number}", price()) for number in range(4)]

    assert parse(bare, *good)[0].absence == "not offered in the Secure Cloud: data-secure is '0'"
    with pytest.raises(ParseError, match="looked for prices in 4 rows, found none for Bare: was the page's script run"):
        parse(bare, *good[:3])


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ('<p class="gpu_name is-pricing-page">Example</p>', "found only gpu_name"),
        (row(inner=price()).replace("gpu_table-row", "gpu_line"), "found only gpu_table-price, gpu_name"),
        (row(inner=price()).replace("w-dyn-item", "item"), "found only gpu_table-price, gpu_name"),
    ],
)
def test_renamed_row_classes_are_refused(part: str, found: str, parse: Parse) -> None:
    """Parts of rows without their rows are an error although JSON-LD holds prices: the layout has changed."""
    with pytest.raises(ParseError, match=f"looked for .gpu_collection-item.*{found}.*renamed"):
        parse(product(), part)


def test_renamed_cluster_classes_are_refused(parse: Parse) -> None:
    """Parts of clusters without their items are an error, never a page without clusters."""
    with pytest.raises(
        ParseError, match=r"looked for .clusters_list-item, found only clusters_item-price, clusters_row"
    ):
        parse(row(inner=price()), '<div class="clusters_row"><p class="clusters_item-price">$1001.01/hr</p></div>')


def test_row_without_a_price_element_is_refused(parse: Parse) -> None:
    """A row that has no price element at all is an error, never a GPU without a price."""
    with pytest.raises(ParseError, match="found none of them"):
        parse(row())


@pytest.mark.parametrize("name", ["", "</p><p class='gpu_name is-pricing-page'>Other"])
def test_row_with_no_name_or_two_is_refused(name: str, parse: Parse) -> None:
    """A row has exactly one name."""
    with pytest.raises(ParseError, match="name"):
        parse(row(name, price()))


def test_rows_without_any_memory_are_refused(parse: Parse) -> None:
    """When no row at all says VRAM or HBM, the specs have moved; a single row without them is read."""
    assert parse(row("Example", price()), row("Bare", price(), ""))[2].gpu_memory is None
    with pytest.raises(ParseError, match="in 2 rows, found it in none"):
        parse(row("Example", price(), "99 GB RAM"), row("Bare", price(), ""))


def test_one_gpu_with_two_prices_is_refused(parse: Parse) -> None:
    """The same GPU in two rows at two prices is an error that names both; at one price it is one GPU."""
    assert len(parse(row(inner=price()), row(inner=price()))) == 2
    with pytest.raises(ParseError, match=r"'1001\.01' at css:.* and '1003\.03' at css:"):
        parse(row(inner=price()), row(inner=price(secure="1003.03")))


def test_same_gpu_name_with_two_memories_is_two_gpus(parse: Parse) -> None:
    """Two slices of one card share their name and differ in memory."""
    listings = parse(row(inner=price("1001.01"), tags="24 GB VRAM"), row(inner=price("1003.03"), tags="48 GB VRAM"))

    assert [listing.gpu_memory for listing in listings] == ["24 GB", "24 GB", "48 GB", "48 GB"]


def test_links_to_two_gpus_in_one_row_are_refused(parse: Parse) -> None:
    """A row's links to the console name one GPU id."""
    link = '<a href="https://console.runpod.io/deploy?gpu={}">Deploy</a>'

    assert parse(row(inner=price() + link.format("EX+ONE") * 2))[0].sku_id == "EX ONE"
    with pytest.raises(ParseError, match="looked for one GPU id in the row's links, found 2"):
        parse(row(inner=price() + link.format("ONE") + link.format("TWO")))


def test_rows_win_over_json_ld(parse: Parse) -> None:
    """JSON-LD adds the GPUs and clouds that no row gives; another price of what a row gives is kept beside it."""
    listings = parse(product(), product("Other"), row("example", price(community="")))

    assert [(listing.sku, listing.cloud, listing.price_text) for listing in listings] == [
        ("example", "Secure Cloud", "1001.01"),
        ("example", "Community Cloud", None),
        ("Other", "Secure Cloud", "9002.02"),
        ("Other", "Community Cloud", "9001.01"),
        ("Example", "Secure Cloud", "9002.02"),
    ]
    assert [listing.terms for listing in listings] == ["On-Demand"] * 4 + ["On-Demand, restated"]


def test_json_ld_that_says_the_same_adds_nothing(parse: Parse) -> None:
    """The same price in other digits is no contradiction, nor is one that either place leaves out."""
    offers = '{"lowPrice": "1002.020", "highPrice": "1001.01"}'
    same = parse(product(offers=offers.replace("1001.01", "1003.03")), row(inner=price("1003.030")))
    without = parse(product(), row(inner=price("", "") + "<a>Sold out</a>"), row("Other", price()))

    assert [listing.terms for listing in same + without] == ["On-Demand"] * 6


def test_json_ld_of_one_name_agrees_with_either_memory(parse: Parse) -> None:
    """JSON-LD prints no memory: it contradicts two cards of one name only if neither has its price."""
    rows = [row(inner=price("1001.01", ""), tags=f"{size} GB VRAM") for size in ("11", "22")]
    rows[1] = rows[1].replace("1001.01", "1003.03")
    offer = '[{"name": "Secure Cloud", "price": "%s"}]'

    assert len(parse(product(offers=offer % "1003.03"), *rows)) == 4
    assert parse(product(offers=offer % "1005.05"), *rows)[-1].terms == "On-Demand, restated"


def test_json_ld_names_the_clouds_that_a_row_does_not(parse: Parse) -> None:
    """A row without attributes gives one price of an unnamed cloud, and JSON-LD the two named ones."""
    listings = parse(product(), row(inner='<p class="gpu_table-pricing">$9002.02/hr</p>'))

    assert [listing.cloud for listing in listings] == [None, "Secure Cloud", "Community Cloud"]


@pytest.mark.parametrize(
    ("offers", "problem"),
    [
        ('"soon"', "looked for offers, found 'soon'"),
        ('{"lowPrice": "9001.01"}', "looked for 'highPrice'"),
        ('{"lowPrice": "9001.01", "highPrice": null}', "looked for an amount in highPrice, found None"),
        ('{"lowPrice": "9001.01", "highPrice": "$9002.02"}', "looked for an amount like"),
        ('{"price": "9001.01", "priceCurrency": "EUR"}', r"priceCurrency \['USD'\], found 'EUR'"),
        ('{"price": "9001.01", "priceSpecification": {"unitCode": "SEC"}}', "unitCode .* found 'SEC'"),
        ('[{"name": "Spot", "price": "9001.01"}]', "Secure Cloud or Community Cloud, found 'Spot'"),
    ],
)
def test_json_ld_offer_of_another_kind_is_refused(offers: str, problem: str, parse: Parse) -> None:
    """Another currency, unit, cloud or shape of a JSON-LD offer is an error that names the GPU."""
    with pytest.raises(ParseError, match=f"Example.*{problem}"):
        parse(product(offers=offers))


def test_json_ld_low_above_high_is_refused(parse: Parse) -> None:
    """Low is Community and high is Secure only while low is not above high."""
    with pytest.raises(ParseError, match=r"lowPrice 9002\.02 is above highPrice 9001\.01"):
        parse(product(offers='{"lowPrice": "9002.02", "highPrice": "9001.01"}'))


def test_json_ld_nested_too_deeply_is_refused(parse: Parse) -> None:
    """Nesting beyond what Python reads is an error of the script that has it."""
    deep = '{"@type": "Product", "offers": ' + "[" * 100_000 + "]" * 100_000 + "}"

    with pytest.raises(ParseError, match=r"ld\+json script 0: looked for JSON: maximum recursion"):
        parse(f'<script type="application/ld+json">{deep}</script>', row(inner=price()))


def test_broken_json_ld_is_refused_only_where_it_speaks_of_products(parse: Parse) -> None:
    """A script that cannot be read is an error when prices may be in it."""
    broken = '<script type="application/ld+json">{"@type": %s</script>'

    assert parse(broken % '"WebPage"', row(inner=price()))
    with pytest.raises(ParseError, match=r"ld\+json script 0: looked for JSON"):
        parse(broken % '"Product"', row(inner=price()))


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ('<p>Example</p><p class="clusters_item-price">€1001.01/hr</p>', "looked for a price like"),
        ('<p>Example</p><p class="clusters_item-price">$1001.01</p>', "looked for a price like"),
        ("<p>Example</p><p>$1001.01/hr</p>", "looked for a price like"),
        ('<p>24</p><p class="clusters_item-price">$1001.01/hr</p>', "looked for a GPU's name"),
    ],
)
def test_cluster_that_cannot_be_read_is_refused(item: str, problem: str, parse: Parse) -> None:
    """A cluster has a name and a price with its unit, or says in words that it has none."""
    with pytest.raises(ParseError, match=problem):
        parse(row(inner=price()), f'<div class="clusters_list-item">{item}</div>')
