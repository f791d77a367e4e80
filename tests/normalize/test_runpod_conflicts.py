"""What RunPod says in several places of one price: from the bodies to the findings, with both receipts.

The figures are public: the pricing page of 2026-08-18 and 2026-08-19 as others transcribed it, and the documentation's
table of 2026-06-08. GraphQL and REST print artificial ones, since no answer with prices is public.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from types import ModuleType

import pytest

from normalize.compare import Want, find_figure
from normalize.corroborate import Conflict, find_conflicts
from normalize.diff import diff_markets
from normalize.facts import Facts
from normalize.offers import normalize
from normalize.records import Market, Normalized, Offer, ParsedCapture, PriceBasis, PricingCategory
from scrapers import registry
from scrapers.records import Content, DatePrecision, Document, Obtained, Response

AT = datetime(2026, 8, 19, tzinfo=UTC)
ROW = (
    '<div class="gpu_collection-item w-dyn-item"><div class="gpu_table-row">'
    '<p class="gpu_name is-pricing-page">{name}</p>{memory} GB VRAM'
    '<p class="gpu_table-price" data-secure="{secure}" data-community="{community}">$0/hr</p></div></div>'
)
H100 = ROW.format(name="H100 SXM", memory=80, secure="3.29", community="2.69")
DOCS = "| GPU type(s) | Memory | Cost per second |\n|---|---|---|\n"


def read(source: str, body: str, facts: Facts) -> Normalized:
    """Parse and normalise one body of a source."""
    url = registry.source_record(source).url
    response = Response("body", url, url, AT, 200, "text/plain", Content.of(body.encode()))
    document = Document.of(response, source=source)
    capture = ParsedCapture(
        sha256=document.capture.sha256,
        url=url,
        body=f"{source}/body",
        retrieved_at=AT,
        date_precision=DatePrecision.DAY,
        obtained=Obtained.RECONSTRUCTED,
        excerpt=True,
        listings=tuple(registry.parse(document)),
    )
    return normalize([capture], registry.source_record(source), facts)


def market(build: ModuleType, facts: Facts, **bodies: str) -> Market:
    """Return the market of these bodies, by source with ``_`` for ``-``."""
    parts = [read(source.replace("_", "-"), body, facts) for source, body in bodies.items()]
    made: Market = build.market(*(offer for part in parts for offer in part.offers))
    return made


def graphql(secure: float, community: float) -> str:
    """Write an answer with one GPU type."""
    record = {
        "id": "NVIDIA H100 80GB HBM3",
        "displayName": "H100 SXM",
        "memoryInGb": 80,
        "clusterPrice": None,
        "secureCloud": True,
        "communityCloud": True,
        "securePrice": secure,
        "communityPrice": community,
    }
    return json.dumps({"data": {"gpuTypes": [record]}})


def page(*parts: str) -> str:
    """Write a page of these parts."""
    return f"<html><body>{''.join(parts)}</body></html>"


def product(low: str, high: str) -> str:
    """Write a JSON-LD script that prices the H100 SXM."""
    record = {"@type": "Product", "name": "H100 SXM GPU on Runpod", "offers": {"lowPrice": low, "highPrice": high}}
    return f'<script type="application/ld+json">{json.dumps(record)}</script>'


def told(conflict: Conflict) -> tuple[str, str, str]:
    """Return what is disputed and both figures."""
    (other,) = conflict.others
    return conflict.subject, str(conflict.one.list_unit_price), str(other.list_unit_price)


def test_page_and_api_disagree_about_a_cloud(build: ModuleType, kept_facts: Facts) -> None:
    """The secure prices differ and the community prices do not: one finding, with a citation of each body."""
    both = market(build, kept_facts, runpod_graphql=graphql(1003.03, 2.69), runpod_pricing=page(H100))
    (conflict,) = find_conflicts(both)

    assert told(conflict) == ("RunPod Pods secure on_demand h100-sxm-80gb", "3.29", "1003.03")
    assert [o.citations[0].source for o in (conflict.one, *conflict.others)] == ["runpod-pricing", "runpod-graphql"]
    assert [o.citations[0].quote for o in (conflict.one, *conflict.others)] == ["3.29", "1003.03"]
    assert conflict.finding.kind == "conflict"


def test_page_that_contradicts_itself_is_a_conflict(build: ModuleType, kept_facts: Facts) -> None:
    """JSON-LD beside rows prints another secure price: the row's figure stands, the other is told and used nowhere."""
    both = market(build, kept_facts, runpod_pricing=page(product("2.69", "1003.03"), H100))
    (conflict,) = find_conflicts(both)

    assert told(conflict) == ("RunPod Pods secure on_demand h100-sxm-80gb", "3.29", "1003.03")
    assert "3.29 (runpod-pricing, 2026-08-19, H100 SXM) against 1003.03 (runpod-pricing, restated, 2026-08-19" in (
        conflict.finding.message
    )
    assert [o.citations[0].locator[:6] for o in (conflict.one, *conflict.others)] == ["css:ht", "jsonld"]
    assert sorted(str(o.list_unit_price) for o in both.priced) == ["2.69", "3.29"]
    want = Want("RunPod", ("Pods",), PricingCategory.ON_DEMAND, "h100-sxm-80gb", cloud_type=build.SECURE)
    assert find_figure(both, want).offer == conflict.one


def test_api_that_agrees_with_json_ld_is_one_conflict(build: ModuleType, kept_facts: Facts) -> None:
    """Whoever agrees with whom, everything is held against the page's row, in one conflict that names both others."""
    bodies = {"runpod_pricing": page(product("2.69", "1003.03"), H100), "runpod_graphql": graphql(1003.03, 2.69)}

    (conflict,) = find_conflicts(market(build, kept_facts, **bodies))

    assert str(conflict.one.list_unit_price) == "3.29"
    assert [o.source for o in conflict.others] == ["runpod-pricing", "runpod-graphql"]
    assert {str(o.list_unit_price) for o in conflict.others} == {"1003.03"}


def test_a_contradiction_that_comes_or_goes_is_no_change(build: ModuleType, kept_facts: Facts) -> None:
    """A second place of the page begins to print another price: no offer was added, withdrawn or repriced."""
    quiet = market(build, kept_facts, runpod_pricing=page(H100))
    loud = market(build, kept_facts, runpod_pricing=page(product("2.69", "1003.03"), H100))

    assert {o.price_basis for o in loud.offers} == {PriceBasis.LIST, PriceBasis.RESTATED}
    assert diff_markets(quiet, loud) == diff_markets(loud, quiet) == ()


TIERS = "<h2>Serverless</h2><ul><li><b>{name}</b><p>{memory} GB</p><i>{price}</i></li></ul>"


@pytest.mark.parametrize(
    ("tier", "price", "row", "gpus"),
    [
        ("H100 PRO", "$4.79/hr", "| H100 PRO | 80 GB | $0.00116 |", ("h100-pcie-80gb", "h100-sxm-80gb")),
        ("A100", "$2.72/hr", "| A100 | 80 GB | $0.00076 |", None),
        ("A100", "$2.755/hr", "| A100 | 80 GB | $0.00076 |", ("a100-pcie-80gb", "a100-sxm-80gb")),
        ("A100", "$0.00077/sec", "| A100 | 80 GB | $0.00076 |", ("a100-pcie-80gb", "a100-sxm-80gb")),
        ("A100", "$0.00076/sec", "| A100 | 80 GB | $0.00076 |", None),
        ("L4/A5000", "$0.69/hr", "| L4, A5000, 3090 | 24 GB | $0.00019 |", None),
        (
            "L4/A5000",
            "$1.69/hr",
            "| L4, A5000, 3090 | 24 GB | $0.00019 |",
            ("l4-24gb", "rtx-3090-24gb", "rtx-a5000-24gb"),
        ),
    ],
)
def test_page_per_hour_is_held_against_documents_per_second(  # noqa: PLR0913, PLR0917  # two bodies and their outcome
    tier: str, price: str, row: str, gpus: tuple[str, ...] | None, build: ModuleType, kept_facts: Facts
) -> None:
    """0.00076 a second may be 2.718 to 2.754 an hour: 2.72 is rounding, 4.79 against 0.00116 is not; a pool is one."""
    memory = row.split("|")[2].split(maxsplit=1)[0]
    body = page(H100, TIERS.format(name=tier, memory=memory, price=price))
    conflicts = find_conflicts(market(build, kept_facts, runpod_pricing=body, runpod_docs=f"{DOCS}{row}"))

    assert [c.gpus for c in conflicts] == ([gpus] if gpus else [])
    assert {c.one.source for c in conflicts} <= {"runpod-pricing"}


def test_rest_is_held_against_the_page(build: ModuleType, kept_facts: Facts) -> None:
    """A card's pool price in REST and the page's tier are one price, as are both clouds of Pods."""
    gpu = {
        "id": "NVIDIA H100 80GB HBM3",
        "name": "H100 SXM",
        "pool": "ADA_80_PRO",
        "manufacturer": "NVIDIA",
        "memory": 80,
        "secure": True,
        "community": True,
        "maxCount": {"secure": 8, "community": 8},
        "price": {"secure": 3.29, "community": 1003.03, "serverless": 1004.04},
    }
    body = page(H100, TIERS.format(name="H100 PRO", memory=80, price="$4.79/hr"))
    both = market(build, kept_facts, runpod_pricing=body, runpod_rest=json.dumps({"gpus": [gpu]}))

    assert sorted(map(told, find_conflicts(both))) == [
        ("RunPod Pods community on_demand h100-sxm-80gb", "2.69", "1003.03"),
        ("RunPod Serverless flex h100-sxm-80gb", "4.79", "1004.04"),
    ]


def test_group_is_one_price_for_its_cards(build: ModuleType, kept_facts: Facts) -> None:
    """The documentation's group prices three cards at once, and every one of the three offers says so."""
    offers = market(build, kept_facts, runpod_docs=f"{DOCS}| L4, A5000, 3090 | 24 GB | $0.00019 |").priced

    assert {o.gpu for o in offers} == {"l4-24gb", "rtx-a5000-24gb", "rtx-3090-24gb"}
    assert {o.gpu_pool for o in offers} == {("l4-24gb", "rtx-a5000-24gb", "rtx-3090-24gb")}
    assert {o.usd_per_gpu_hour for o in offers} == {Decimal("0.684")}


def test_withdrawn_active_price_is_told(build: ModuleType, kept_facts: Facts) -> None:
    """Who asks for Active is told that it was withdrawn and since when; who compares the tables sees it withdrawn."""
    old = "| GPU type(s) | Memory | Flex cost per second | Active cost per second |\n|---|---|---|---|\n"
    before = market(build, kept_facts, runpod_docs=f"{old}| B200 | 180 GB | $0.00240 | $0.00190 |")
    after = market(build, kept_facts, runpod_docs=f"{DOCS}| B200 | 180 GB | $0.00240 |")
    figure = find_figure(after, Want("RunPod", ("Serverless",), PricingCategory.ACTIVE, "b200-180gb"))
    (change,) = diff_markets(before, after)

    assert figure.offer is None
    assert figure.reason.startswith("withdrawn: since 2026-05-13")
    assert (change.kind, change.before, change.after) == ("withdrawn", Decimal("6.84"), None)
    assert change.note == figure.reason


def test_gpu_that_nobody_knows_is_a_finding(kept_facts: Facts) -> None:
    """A new name is told with the file to edit; the other GPUs of the page are not touched."""
    new = ROW.format(name="ZX 9000", memory=999, secure="1001.01", community="")
    found = read("runpod-pricing", page(H100, new), kept_facts)

    assert {o.gpu for o in found.offers} == {"h100-sxm-80gb"}
    assert [(f.kind, f.message) for f in found.findings] == [
        ("unknown_gpu", "unknown GPU 'ZX 9000' with 999 GB of RunPod Pods; add it to data/facts/gpus.toml")
    ]


def test_spot_price_of_an_old_page_is_spot(kept_facts: Facts) -> None:
    """A record of the page of 2024 gives spot offers beside the on-demand ones, never in their place."""
    record = {
        "__typename": "GpuType",
        "id": "NVIDIA H100 80GB HBM3",
        "displayName": "H100 SXM",
        "memoryInGb": 80,
        "securePrice": 1001.01,
        "secureSpotPrice": 1001.01,
    }
    offers: tuple[Offer, ...] = read("runpod-pricing", f"<script>{json.dumps(record)}</script>", kept_facts).offers

    assert [o.pricing_category for o in offers] == [PricingCategory.ON_DEMAND, PricingCategory.SPOT]
