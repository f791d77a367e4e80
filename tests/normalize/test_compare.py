"""The figure that answers a question, why there is none, and two of them side by side."""

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.compare import Figure, Want, compare, find_figure
from normalize.records import Offer, PriceBasis, PricingCategory
from scrapers.records import DatePrecision

WANT = Want("Examplecloud", ("Machines", "Boxes"), PricingCategory.ON_DEMAND, "example-gpu-11gb", "north")
AWS = {"provider": "AWS", "service": "EC2", "source": "aws-ec2", "region": "north"}
WANT_AWS = Want("AWS", ("EC2",), PricingCategory.ON_DEMAND, "example-gpu-11gb", "north")
SPOT = {"pricing_category": PricingCategory.SPOT}


def chosen(build: ModuleType, *offers: Offer, want: Want = WANT, **changes: Any) -> Figure:
    """Return the answer of a market of these offers."""
    return find_figure(build.market(*offers, **changes), want)


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "Otherhost"},
        {"service": "Clusters"},
        {"pricing_category": PricingCategory.ACTIVE},
        {"price_basis": PriceBasis.ESTIMATE},
        {"gpu": "example-gpu-22gb"},
        {"region": "south"},
        {"quarantined": "two prices"},
    ],
)
def test_only_what_was_asked_for_answers(build: ModuleType, changes: dict[str, Any]) -> None:
    """Another seller, product, kind of price, basis, memory or region is no answer; nor is a doubtful figure."""
    assert chosen(build, build.offer("1.11", **changes)).offer is None
    assert chosen(build, build.offer("1.11")).offer is not None


def test_one_sku_may_be_asked_for(build: ModuleType) -> None:
    """Where a question names the SKU, no other answers, however cheap."""
    cheap, named = build.offer("1.11"), build.offer("2.22", sku="x2.8xlarge")
    want = Want("Examplecloud", ("Machines",), PricingCategory.ON_DEMAND, "example-gpu-11gb", sku="x2.8xlarge")
    assert chosen(build, cheap, named, want=want).offer == named


def test_a_single_gpu_comes_before_a_node(build: ModuleType) -> None:
    """A buyer of one GPU is shown one GPU, though eight at a time are cheaper each."""
    single, node = build.offer("2.22"), build.offer("8.88", sku="x8", gpu_count=Decimal(8))
    assert chosen(build, node, single).offer == single
    assert chosen(build, node).offer == node


def test_the_cheapest_size_with_one_gpu_comes_first(build: ModuleType) -> None:
    """Of several sizes with one GPU the cheapest is the answer, whatever its name."""
    small, large = build.offer("1.11", sku="z1.small"), build.offer("2.22", sku="a1.large")
    assert chosen(build, large, small, want=WANT).offer == small
    aws = [build.offer(o.list_unit_price, sku=o.sku, **AWS) for o in (large, small)]
    assert chosen(build, *aws, want=WANT_AWS).offer == aws[1]


def test_never_a_fraction_while_there_is_a_whole_gpu(build: ModuleType) -> None:
    """An eighth of a GPU answers only where no whole one does, not even by the node."""
    part = build.offer("0.111", sku="x1f", gpu_count=Decimal("0.125"))
    node = build.offer("88.8", sku="x8", gpu_count=Decimal(8))
    assert chosen(build, part, node).offer == node
    assert chosen(build, part).offer == part


def test_the_preferred_product_comes_first(build: ModuleType) -> None:
    """The first product that a question names answers before the second, though it is dearer."""
    first, second = build.offer("2.22"), build.offer("1.11", service="Boxes")
    assert chosen(build, second, first).offer == first


def test_the_preferred_basis_comes_first(build: ModuleType) -> None:
    """A mean over zones answers before a quote for the region where the question says so."""
    bases = (PriceBasis.ZONE_MEAN, PriceBasis.REGION_QUOTE)
    offers = [build.offer(p, price_basis=b, **SPOT) for p, b in zip(("2.22", "1.11"), bases, strict=True)]
    want = Want("Examplecloud", ("Machines",), PricingCategory.SPOT, "example-gpu-11gb", bases=bases)
    assert chosen(build, *offers, want=want).offer == offers[0]


def test_a_stated_region_comes_before_an_unstated_one(build: ModuleType) -> None:
    """A price that does not say its region answers only where none says so, and then it does."""
    stated, unstated = build.offer("2.22", region="north"), build.offer("1.11")
    assert chosen(build, unstated, stated).offer == stated
    assert chosen(build, unstated).offer == unstated


def test_without_a_region_every_region_answers(build: ModuleType) -> None:
    """A question without a region takes the cheapest of all."""
    want = Want("Examplecloud", ("Machines",), PricingCategory.ON_DEMAND, "example-gpu-11gb")
    south, north = build.offer("1.11", region="south"), build.offer("2.22", region="north")
    assert chosen(build, north, south, want=want).offer == south


def test_another_region_stands_elsewhere_only(build: ModuleType) -> None:
    """The figure of another region is no answer; it is named beside the missing one, the smallest SKU first."""
    node = build.offer("8.88", sku="x8", region="south", gpu_count=Decimal(8))
    single = build.offer("2.22", region="south")
    figure = chosen(build, node, single)
    assert (figure.offer, figure.reason, figure.elsewhere) == (None, "no figure in north", (single, node))


@pytest.mark.parametrize(("cloud", "expected"), [("SECURE", "2.22"), ("COMMUNITY", "1.11"), (None, "1.11")])
def test_kinds_of_host_are_kept_apart(build: ModuleType, cloud: str | None, expected: str) -> None:
    """Asked for the secure cloud the community price is no answer; asked for neither, the cheaper one is."""
    offers = build.offer("2.22", cloud_type=build.SECURE), build.offer("1.11", cloud_type=build.COMMUNITY)
    want = Want(
        "Examplecloud",
        ("Machines",),
        PricingCategory.ON_DEMAND,
        "example-gpu-11gb",
        cloud_type=getattr(build, cloud) if cloud else None,
    )
    figure = chosen(build, *offers, want=want)
    assert figure.offer is not None
    assert figure.offer.list_unit_price == Decimal(expected)
    assert figure.others == ()


def test_an_unstated_host_does_not_answer_for_a_stated_one(build: ModuleType) -> None:
    """A price that does not say whose host it is of is not called the secure cloud's."""
    want = Want("Examplecloud", ("Machines",), PricingCategory.ON_DEMAND, "example-gpu-11gb", cloud_type=build.SECURE)
    assert chosen(build, build.offer("1.11"), want=want).offer is None


def test_the_seller_is_believed_before_an_aggregator(build: ModuleType) -> None:
    """First party beats aggregator for one SKU, though the aggregator's figure is newer and lower."""
    seller = build.offer("2.22", **AWS)
    aggregator = build.offer("1.11", **{**AWS, "source": "vantage-ec2"}, observed_at=build.day(20))
    figure = chosen(build, aggregator, seller, want=WANT_AWS)
    assert (figure.offer, figure.others) == (seller, (aggregator,))


def test_an_aggregators_old_price_does_not_make_a_sku_the_cheapest(build: ModuleType) -> None:
    """Which SKU is the cheapest is judged by the seller's figures, where it has them."""
    small, large = build.offer("1.11", sku="small", **AWS), build.offer("2.22", sku="large", **AWS)
    wrong = build.offer("0.11", sku="large", **{**AWS, "source": "vantage-ec2"})
    figure = chosen(build, wrong, large, small, want=WANT_AWS)
    assert (figure.offer, figure.others) == (small, ())


def test_an_aggregator_answers_where_the_seller_does_not(build: ModuleType) -> None:
    """Of two aggregators the newer figure answers, and the other one stands beside it."""
    older = build.offer("1.11", **{**AWS, "source": "vantage-ec2"})
    newer = build.offer("2.22", **{**AWS, "source": "cloudprice-ec2"}, observed_at=build.day(20))
    figure = chosen(build, older, newer, want=WANT_AWS)
    assert (figure.offer, figure.others) == (newer, (older,))


def test_the_pricing_page_is_believed_first(build: ModuleType) -> None:
    """Of RunPod's own sources the page comes before the API, and the API before the documents, whatever their age."""
    names = ("runpod-docs", "runpod-graphql", "runpod-pricing")
    offers = [
        build.offer(price, source=name, sku=f"name in {name}", observed_at=build.day(20 - number))
        for number, (name, price) in enumerate(zip(names, ("1.11", "2.22", "3.33"), strict=True))
    ]
    figure = chosen(build, *offers)
    assert (figure.offer, figure.others) == (offers[2], (offers[1], offers[0]))
    assert chosen(build, *offers[:2]).offer == offers[1]


def test_of_one_sources_labels_the_newest_is_believed(build: ModuleType) -> None:
    """Where a page renamed a GPU, the figure under the newer label answers, though the older one is lower."""
    older, newer = build.offer("1.11", sku="old label"), build.offer("2.22", sku="new", observed_at=build.day(20))
    assert chosen(build, older, newer).offer == newer


def test_of_one_sources_skus_of_one_day_the_cheapest_is_taken(build: ModuleType) -> None:
    """Two names of one GPU on one page are a choice, and a buyer takes the cheaper."""
    dear, cheap = build.offer("2.22", sku="a tier"), build.offer("1.11", sku="b tier")
    assert chosen(build, dear, cheap).offer == cheap


def test_a_gpu_that_is_not_in_the_sellers_list_is_not_offered(build: ModuleType) -> None:
    """The newest date of the list stands in the reason."""
    listed = build.entry("example-gpu-22gb"), build.entry("example-gpu-33gb", observed_at=build.day(9))
    figure = chosen(build, catalogue=listed)
    assert figure.reason == "not offered: not in Examplecloud's list of GPU types of 2031-02-09"
    assert figure.entry is None


def test_a_gpu_that_the_seller_lists_is_offered_without_a_price(build: ModuleType) -> None:
    """The seller's own statement that it offers the GPU comes along, beside a figure or without one."""
    listed = (build.entry("example-gpu-11gb"),)
    figure = chosen(build, catalogue=listed)
    assert (figure.reason, figure.entry) == ("no dated figure in the store", listed[0])
    assert chosen(build, build.offer("1.11"), catalogue=listed).entry == listed[0]


def test_another_sellers_list_says_nothing(build: ModuleType) -> None:
    """A list speaks of its own provider."""
    listed = (build.entry("example-gpu-22gb", provider="Otherhost"),)
    assert chosen(build, catalogue=listed).reason == "no dated figure in the store"


def test_a_gpu_that_is_sold_as_something_else_is_not_called_not_offered(build: ModuleType) -> None:
    """A list that lags behind a price does not deny it."""
    other = build.offer("1.11", service="Clusters")
    listed = (build.entry("example-gpu-22gb"),)
    assert chosen(build, other, catalogue=listed).reason == "no dated figure in the store"


def test_a_gpu_that_a_whole_read_does_not_price(build: ModuleType) -> None:
    """A whole read of the seller's own list speaks about what it leaves out; the date stands in the reason."""
    other = build.offer("1.11", gpu="example-gpu-22gb", observed_at=build.day(9))
    reason = "not among the GPUs that Examplecloud Machines prices on 2031-02-09"
    assert chosen(build, other).reason == reason
    month = build.offer("1.11", gpu="example-gpu-22gb", date_precision=DatePrecision.MONTH)
    assert chosen(build, month).reason == "not among the GPUs that Examplecloud Machines prices on 2031-02"


def test_an_aggregators_whole_read_is_named(build: ModuleType) -> None:
    """What only an aggregator leaves out is said to be its word; the seller's word is preferred."""
    other = build.offer("1.11", **{**AWS, "source": "vantage-ec2"}, gpu="example-gpu-22gb", observed_at=build.day(20))
    own = build.offer("1.11", **AWS, gpu="example-gpu-22gb")
    reason = "not among the GPUs that AWS EC2 prices on 2031-02-20, according to vantage-ec2"
    assert chosen(build, other, want=WANT_AWS).reason == reason
    both = chosen(build, other, own, want=WANT_AWS)
    assert both.reason == "not among the GPUs that AWS EC2 prices on 2031-02-03"


def test_an_excerpt_does_not_speak_about_what_it_leaves_out(build: ModuleType) -> None:
    """From an excerpt it only follows that there is no figure here."""
    other = build.offer("1.11", gpu="example-gpu-22gb")
    figure = chosen(build, other, sources=(build.status(excerpt=True),))
    assert figure.reason == "no dated figure in the store"


def test_a_whole_read_of_another_product_says_nothing(build: ModuleType) -> None:
    """That a GPU is not among the clusters says nothing about machines; nor does a spot price about others."""
    clusters = build.offer("1.11", gpu="example-gpu-22gb", service="Clusters")
    spot = build.offer("1.11", gpu="example-gpu-22gb", **SPOT)
    assert chosen(build, clusters, spot).reason == "no dated figure in the store"


def test_the_sources_own_reason_comes_first(build: ModuleType) -> None:
    """What a source says of the very thing in the very region goes before every conclusion."""
    absent = build.offer(None, region="north", absence="no Linux price in north: the feed lists only others")
    south = build.offer("1.11", region="south")
    figure = chosen(build, south, absent, catalogue=(build.entry("example-gpu-22gb"),))
    assert figure.reason == "no Linux price in north: the feed lists only others"
    assert figure.elsewhere == (south,)


def test_the_seller_gives_the_reason_before_an_aggregator(build: ModuleType) -> None:
    """Of two reasons the most trusted source's is told."""
    aggregator = build.offer(None, **{**AWS, "source": "vantage-ec2"}, absence="the feed prints ''")
    seller = build.offer(None, **AWS, absence="the list prints 0")
    assert chosen(build, aggregator, seller, want=WANT_AWS).reason == "the list prints 0"


def test_the_reason_of_another_region_names_it(build: ModuleType) -> None:
    """Why a GPU has no price in the south does not say why it has none in the north."""
    absent = build.offer(None, region="south", absence="priced in CNY; not converted")
    figure = chosen(build, absent)
    assert figure.reason == "no figure in north; in south: priced in CNY; not converted"
    assert figure.elsewhere == ()


def test_a_reason_without_a_region(build: ModuleType) -> None:
    """A question without a region takes the reason of any region."""
    want = Want("Examplecloud", ("Machines",), PricingCategory.ON_DEMAND, "example-gpu-11gb")
    absent = build.offer(None, region="south", absence="contact sales")
    assert chosen(build, absent, want=want).reason == "contact sales"


def test_a_quarantined_figure_is_the_reason(build: ModuleType) -> None:
    """Where the only figure must not be used, that is why there is none."""
    assert chosen(build, build.offer("1.11", quarantined="two prices")).reason == "quarantined: two prices"


def test_the_delta_is_the_deliverables(build: ModuleType) -> None:
    """(AWS - RunPod) / RunPod: 2.61 against 1.90 is +37 %."""
    market = build.market(build.offer("1.90"), build.offer("2.61", **AWS))
    comparison = compare(market, WANT, WANT_AWS)
    assert comparison.delta_percent == Decimal("37.368421052631578947")
    assert (comparison.gpu, comparison.whole_node) == ("example-gpu-11gb", None)
    reverse = compare(market, WANT_AWS, WANT)
    assert reverse.delta_percent is not None
    assert reverse.delta_percent < 0


def test_a_whole_node_is_said_to_be_one(build: ModuleType) -> None:
    """Where the right side sells eight at a time, the eight stand beside the price per GPU; not the other way round."""
    single, node = build.offer("2.22"), build.offer("8.88", gpu_count=Decimal(8), **AWS)
    comparison = compare(build.market(single, node), WANT, WANT_AWS)
    assert (comparison.delta_percent, comparison.whole_node) == (Decimal(-50), Decimal(8))
    assert compare(build.market(single, node), WANT_AWS, WANT).whole_node is None


@pytest.mark.parametrize("side", ["left", "right"])
def test_without_one_side_there_is_no_delta(build: ModuleType, side: str) -> None:
    """A missing figure is compared with nothing."""
    offer = build.offer("8.88", gpu_count=Decimal(8), **AWS) if side == "left" else build.offer("1.11")
    comparison = compare(build.market(offer), WANT, WANT_AWS)
    assert (comparison.delta_percent, comparison.whole_node) == (None, None)
    assert (comparison.left.offer is None, comparison.right.offer is None) == (side == "left", side == "right")
