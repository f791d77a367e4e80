import csv
import json
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from normalize.facts import Claim, ClaimStatus, Facts, LaterVerdict, default_facts_folder, load_facts
from scrapers.errors import FactsError

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FILES = ("gpus.toml", "instances.toml", "units.toml", "claims.toml")

# RunPod's list of GPU types of 2026-08-18: https://github.com/runpod/docs/blob/main/references/gpu-types.mdx
RUNPOD_IDS = {
    "AMD Instinct MI300X OAM": "192",
    "NVIDIA A100 80GB PCIe": "80",
    "NVIDIA A100-SXM4-80GB": "80",
    "NVIDIA A30": "24",
    "NVIDIA A40": "48",
    "NVIDIA B200": "180",
    "NVIDIA B300 SXM6 AC": "288",
    "NVIDIA GeForce RTX 3070": "8",
    "NVIDIA GeForce RTX 3080": "10",
    "NVIDIA GeForce RTX 3080 Ti": "12",
    "NVIDIA GeForce RTX 3090": "24",
    "NVIDIA GeForce RTX 3090 Ti": "24",
    "NVIDIA GeForce RTX 4070 Ti": "12",
    "NVIDIA GeForce RTX 4080": "16",
    "NVIDIA GeForce RTX 4080 SUPER": "16",
    "NVIDIA GeForce RTX 4090": "24",
    "NVIDIA GeForce RTX 5080": "16",
    "NVIDIA GeForce RTX 5090": "32",
    "NVIDIA H100 80GB HBM3": "80",
    "NVIDIA H100 NVL": "94",
    "NVIDIA H100 PCIe": "80",
    "NVIDIA H200": "141",
    "NVIDIA H200 NVL": "143",
    "NVIDIA L4": "24",
    "NVIDIA L40": "48",
    "NVIDIA L40S": "48",
    "NVIDIA RTX 2000 Ada Generation": "16",
    "NVIDIA RTX 4000 Ada Generation": "20",
    "NVIDIA RTX 4000 SFF Ada Generation": "20",
    "NVIDIA RTX 5000 Ada Generation": "32",
    "NVIDIA RTX 6000 Ada Generation": "48",
    "NVIDIA RTX A2000": "6",
    "NVIDIA RTX A4000": "16",
    "NVIDIA RTX A4500": "20",
    "NVIDIA RTX A5000": "24",
    "NVIDIA RTX A6000": "48",
    "NVIDIA RTX PRO 4500 Blackwell": "32",
    "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition": "96",
    "NVIDIA RTX PRO 6000 Blackwell Server Edition": "96",
    "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb": "24",
    "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb": "48",
    "NVIDIA RTX PRO 6000 Blackwell Workstation Edition": "96",
    "Tesla V100-PCIE-16GB": "16",
    "Tesla V100-SXM2-16GB": "16",
    "Tesla V100-SXM2-32GB": "32",
}
RUNPOD_GROUPS = {
    "A4000, A4500, RTX 4000": "16",
    "L4, A5000, 3090": "24",
    "4090 PRO": "24",
    "A6000, A40": "48",
    "L40, L40S, 6000 Ada PRO": "48",
    "A100": "80",
    "H100 PRO": "80",
    "6000s PRO": "96",
    "H200 PRO": "141",
    "B200": "180",
}
# One good row of every table; the strictness tests spoil one line at a time.
GOOD = {
    "gpus.toml": """
[[gpu]]
id = "l4-24gb"
vendor = "NVIDIA"
model = "L4"
form_factor = ""
memory_gib = "24"
architecture = "Ada Lovelace"
source_url = "https://example.org/gpus"
checked_on = 2026-01-02
[gpu.names]
RunPod = ["L4", { name = "Card", from = 2026-01-01, until = 2026-06-30 }]
[[gpu]]
id = "t4-16gb"
vendor = "NVIDIA"
model = "T4"
form_factor = "PCIe"
memory_gib = "16"
printed_memory_gib = ["15"]
architecture = "Turing"
source_url = "https://example.org/gpus"
checked_on = 2026-01-02
[gpu.names]
RunPod = ["T4", "Twin"]
AWS = ["T4"]
[[pool]]
provider = "RunPod"
service = "Serverless"
name = "Small ones"
memory_gib = "16"
gpus = ["l4-24gb", "t4-16gb"]
note = "Nobody says which."
source_url = "https://example.org/pools"
checked_on = 2026-01-02
""",
    "instances.toml": """
[[instance]]
type = "g4dn.xlarge"
gpu = "t4-16gb"
gpu_count = "1"
gpu_memory_gib = "16"
source_url = "https://example.org/instances"
checked_on = 2026-01-02
[[not_gpu]]
family = "inf2"
is = "AWS Inferentia2"
vendor = "AWS"
source_url = "https://example.org/instances"
checked_on = 2026-01-02
""",
    "units.toml": """
[[unit]]
text = "per second"
period = "second"
periods_per_hour = "3600"
sources = ["runpod-docs"]
source_url = "https://example.org/units"
checked_on = 2026-01-02
[[unit]]
text = "Quantity"
period = "one_time"
hourly = false
sources = ["aws-ec2"]
source_url = "https://example.org/units"
checked_on = 2026-01-02
""",
    "claims.toml": """
[[claim]]
id = "one-claim"
section = "scale_to_zero"
subject = "SageMaker"
aspect = "Cold start"
gpus = ["t4-16gb"]
short = "minutes"
statement = "It takes minutes."
evidence_url = "https://example.org/claims"
evidence_quote = ""
dating = "undated page"
checked_on = 2026-01-02
holds_from = 2025-01-01
holds_until = 2025-12-01
status = "partly"
remark = ""
[[claim.later]]
from = 2025-12-15
evidence_url = "https://example.org/later"
evidence_quote = "It takes seconds."
seen_on = 2025-12-20
checked_on = 2026-01-03
status = "contradicted"
remark = "It was made faster."
[[reference]]
group = "AWS Community"
title = "A question"
url = "https://example.org/question"
checked_on = 2026-01-02
""",
    "bands.toml": """
[[band]]
gpu = "t4-16gb"
lowest = { price = "0.11", of = "Example", on = 2026-01-02, source_url = "https://example.org/low" }
highest = { price = "9.99", of = "Example", on = 2026-01-02, source_url = "https://example.org/high" }
width = "2"
[[premium]]
services = ["Managed"]
over = "Machines"
lowest = "1.1"
highest = "1.9"
evidence = "seen from 1.2 to 1.8"
source_url = "https://example.org/premiums"
checked_on = 2026-01-02
""",
    "releases.toml": """
[[release]]
source = "examplecloud-pricing"
provider = "Examplecloud"
service = "Machines"
sku = "x1.8xlarge"
region = "north"
pricing_category = "committed"
price_basis = "list"
cloud_type = "secure"
commitment_months = "12"
gpu = "t4-16gb"
price = "99.99"
pricing_unit = "hour"
invariant = "outside_band"
reason = "It is a very large machine."
decided_on = 2026-01-02
decided_by = "Somebody"
source_url = "https://example.org/decision"
""",
}

FIRST_NAMES = '[gpu.names]\nRunPod = ["L4", { name = "Card", from = 2026-01-01, until = 2026-06-30 }]'

Spoil = Callable[[str, str, str], str]


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Give the shipped facts."""
    return load_facts(default_facts_folder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with small files that load."""
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """Give a function that replaces a text in one file and returns the message of loading."""

    def spoil_and_load(file: str, old: str, new: str) -> str:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) >= 1
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(FactsError) as caught:
            load_facts(folder)
        return str(caught.value)

    return spoil_and_load


def ids(facts: Facts, provider: str, service: str, name: str, memory: str | None = None) -> list[str]:
    """List the ids of the cards that a name may mean."""
    size = None if memory is None else Decimal(memory)
    return [gpu.id for gpu in facts.gpus_named(provider, service, name, size)]


# The shipped files.


@pytest.mark.parametrize(("name", "memory"), RUNPOD_IDS.items())
def test_every_runpod_id_is_one_card(facts: Facts, name: str, memory: str) -> None:
    """Each id of RunPod's list is exactly one card, with its printed memory."""
    assert len(ids(facts, "RunPod", "Pods", name, memory)) == 1


@pytest.mark.parametrize(("name", "memory"), RUNPOD_GROUPS.items())
def test_every_serverless_group_has_cards(facts: Facts, name: str, memory: str) -> None:
    """Each group of RunPod's price table is a group of known cards at its printed memory."""
    pool = facts.pool("RunPod", "Serverless", name)

    assert pool is not None
    assert pool.memory_gib == Decimal(memory)
    assert ids(facts, "RunPod", "Serverless", name, memory) == list(pool.gpus)


@pytest.mark.parametrize("file", FILES)
def test_every_row_has_address_and_date(file: str) -> None:
    """No row comes without the public address it was read at and the date of that."""
    with (default_facts_folder() / file).open("rb") as stream:
        rows = [row for table in tomllib.load(stream).values() for row in table]
    urls = [row.get("source_url") or row.get("evidence_url") or row.get("url") for row in rows]

    assert rows
    assert [url for url in urls if not str(url).startswith("https://")] == []
    assert all(type(row["checked_on"]) is date for row in rows)


def test_memory_of_an_instance_is_count_times_card(facts: Facts) -> None:
    """Total memory is GPU count x nameplate; 7 % less is allowed where AWS prints usable memory (B300)."""
    for instance in facts.instances:
        nameplate = instance.gpu_count * facts.gpu(instance.gpu).memory_gib
        assert Decimal("0.93") <= instance.gpu_memory_gib / nameplate <= 1, instance.type


@pytest.mark.parametrize(
    ("instance_type", "gpu", "count"),
    [
        ("p5.48xlarge", "h100-sxm-80gb", "8"),
        ("p5.4xlarge", "h100-sxm-80gb", "1"),
        ("p5e.48xlarge", "h200-sxm-141gb", "8"),
        ("p4d.24xlarge", "a100-sxm-40gb", "8"),
        ("p4de.24xlarge", "a100-sxm-80gb", "8"),
        ("p3dn.24xlarge", "v100-sxm-32gb", "8"),
        ("p3.16xlarge", "v100-sxm-16gb", "8"),
        ("p2.8xlarge", "k80-12gb", "8"),
        ("p2.16xlarge", "k80-12gb", "16"),
        ("p6e-gb200.36xlarge", "gb200-186gb", "4"),
        ("u-p6e-gb200x72", "gb200-186gb", "72"),
        ("g5.12xlarge", "a10g-24gb", "4"),
        ("g5.16xlarge", "a10g-24gb", "1"),
        ("g6e.16xlarge", "l40s-48gb", "1"),
        ("g6e.12xlarge", "l40s-48gb", "4"),
        ("g7.12xlarge", "rtx-pro-4500-server-32gb", "2"),
        ("g7e.12xlarge", "rtx-pro-6000-server-96gb", "2"),
        ("g6f.large", "l4-24gb", "0.125"),
        ("g6f.xlarge", "l4-24gb", "0.125"),
        ("g6f.2xlarge", "l4-24gb", "0.25"),
        ("gr6f.4xlarge", "l4-24gb", "0.5"),
        ("ml.g6e.xlarge", "l40s-48gb", "1"),
    ],
)
def test_instance_is_what_it_is_not_what_its_size_says(facts: Facts, instance_type: str, gpu: str, count: str) -> None:
    """Counts and cards of the types that are easily taken for others; ml.X is X."""
    instance = facts.instance(instance_type)

    assert instance is not None
    assert (instance.gpu, instance.gpu_count) == (gpu, Decimal(count))


@pytest.mark.parametrize(
    "instance_type",
    [
        "inf1.xlarge",
        "ml.inf2.xlarge",
        "trn1.32xlarge",
        "trn2u.48xlarge",
        "dl1.24xlarge",
        "dl2q.24xlarge",
        "f1.2xlarge",
        "f2.6xlarge",
        "vt1.3xlarge",
    ],
)
def test_other_accelerators_are_ignored_by_name(facts: Facts, instance_type: str) -> None:
    """Neuron, Gaudi, Qualcomm, FPGA and media accelerators are no GPUs, and said to be none."""
    assert facts.not_gpu(instance_type) is not None
    assert facts.instance(instance_type) is None


def test_amd_gpu_is_a_gpu(facts: Facts) -> None:
    """The Radeon of g4ad is a GPU of another vendor, not something to leave out."""
    instance = facts.instance("g4ad.xlarge")

    assert instance is not None
    assert facts.gpu(instance.gpu).vendor == "AMD"
    assert facts.not_gpu("g4ad.xlarge") is None


@pytest.mark.parametrize("instance_type", ["p5x.48xlarge", "g6", "m5.xlarge", "G5.xlarge", "trn10.2xlarge"])
def test_unknown_instance_is_none(facts: Facts, instance_type: str) -> None:
    """A type that is not in the facts is never matched by its beginning."""
    assert facts.instance(instance_type) is None
    assert facts.not_gpu(instance_type) is None


def test_a10g_was_never_runpods(facts: Facts) -> None:
    """The card that the deliverable priced at RunPod is known, but not by any RunPod name."""
    assert facts.gpu("a10g-24gb").model == "A10G"
    assert ids(facts, "RunPod", "Pods", "A10G") == []
    assert ids(facts, "RunPod", "Serverless", "A10G", "24") == []


def test_lambda_gpu_statement_changed_between_two_dates(facts: Facts) -> None:
    """That Lambda has no GPU held at the end of 2025 and no longer a year later."""
    claims = {claim.id: claim for claim in facts.claims}

    no_gpu = claims["eliminated-lambda-without-gpu"]
    assert (no_gpu.status, no_gpu.holds_until) == (ClaimStatus.SUPPORTED, date(2025, 12, 1))
    assert [(v.status, v.valid_from) for v in no_gpu.later] == [(ClaimStatus.CONTRADICTED, date(2026, 11, 17))]
    assert claims["eliminated-lambda-with-gpu"].holds_from == date(2026, 11, 17)


def judged(facts: Facts) -> list[Claim | LaterVerdict]:
    """Return every verdict on a statement, the first and the later ones."""
    return [verdict for claim in facts.claims for verdict in (claim, *claim.later)]


def test_claims_that_nobody_could_read_quote_nothing(facts: Facts) -> None:
    """An unverifiable statement has no quotation, and its age says why."""
    blind = [claim for claim in judged(facts) if claim.status is ClaimStatus.UNVERIFIABLE]

    assert blind
    assert [claim for claim in blind if claim.evidence_quote or claim.seen_on or not claim.dating] == []


def test_table_cells_are_not_taken_from_other_peoples_statements(facts: Facts) -> None:
    """A contradicted statement has no cell text but a remark: it can only be printed as a correction."""
    wrong = [claim for claim in judged(facts) if claim.status is ClaimStatus.CONTRADICTED]

    assert wrong
    assert [claim for claim in wrong if claim.short or not claim.remark] == []


def test_single_gpu_table_is_complete(facts: Facts) -> None:
    """Each GPU of the table has one cell for what SageMaker's API takes; all else is read from prices and lists."""
    cells = [(c.subject, c.aspect) for c in facts.claims if c.section == "single_gpu" and c.short]

    assert len(set(cells)) == len(cells) == 7
    assert {aspect for _, aspect in cells} == {"SageMaker Inference"}


# Looking names up.


@pytest.mark.parametrize(
    ("seller", "name", "memory", "expected"),
    [
        ("RunPod Pods", "H100 SXM", "80", ["h100-sxm-80gb"]),
        ("RunPod Pods", "H100 SXM", None, ["h100-sxm-80gb"]),
        ("RunPod Pods", "H100 80GB SXM5", "80", ["h100-sxm-80gb"]),
        ("RunPod Pods", "A100 80GB", "80", ["a100-pcie-80gb"]),
        ("RunPod Pods", "A100 SXM 40GB", "40", ["a100-sxm-40gb"]),
        ("RunPod Pods", "H200 SXM", "143", ["h200-sxm-141gb"]),
        ("RunPod Pods", "NVIDIA  RTX A4500", "20", ["rtx-a4500-20gb"]),
        ("RunPod Pods", " L4\n", "24", ["l4-24gb"]),
        ("RunPod Pods", "RTX PRO 6000 MIG", "48", ["rtx-pro-6000-mig-48gb"]),
        ("RunPod Pods", "RTX PRO 6000 MIG", None, ["rtx-pro-6000-mig-24gb", "rtx-pro-6000-mig-48gb"]),
        ("RunPod Pods", "A100", "80", []),
        ("RunPod Pods", "H100 PRO", "80", []),
        ("RunPod Pods", "h100 sxm", "80", []),
        ("RunPod Pods", "H100 SXM", "94", []),
        ("RunPod Pods", "A100 SXM 40GB", "80", []),
        ("RunPod Serverless", "A100", "80", ["a100-pcie-80gb", "a100-sxm-80gb"]),
        ("RunPod Serverless", "A100", None, ["a100-pcie-80gb", "a100-sxm-80gb"]),
        ("RunPod Serverless", "A100", "40", []),
        ("RunPod Serverless", "4090 PRO", "24", ["rtx-4090-24gb"]),
        ("RunPod Clusters", "H200 SXM", "141", ["h200-sxm-141gb"]),
        ("AWS EC2", "A100", "40", ["a100-sxm-40gb"]),
        ("AWS EC2", "A100", None, ["a100-sxm-80gb", "a100-sxm-40gb"]),
        ("Modal Functions", "A100", "40", []),
    ],
)
def test_name_and_memory_are_the_key(
    facts: Facts, seller: str, name: str, memory: str | None, expected: list[str]
) -> None:
    """A name means what its seller means by it; memory decides between cards, other memory is no match."""
    provider, service = seller.split()

    assert ids(facts, provider, service, name, memory) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, ["rtx-pro-6000-server-96gb", "rtx-pro-6000-workstation-96gb"]),
        (date(2025, 6, 13), ["rtx-pro-6000-workstation-96gb"]),
        (date(2025, 12, 1), []),
        (date(2026, 2, 19), ["rtx-pro-6000-server-96gb"]),
    ],
)
def test_label_that_moved_means_the_card_of_its_day(facts: Facts, day: date | None, expected: list[str]) -> None:
    """RunPod's "RTX PRO 6000" was the Workstation Edition once and is the Server Edition now."""
    found = facts.gpus_named("RunPod", "Pods", "RTX PRO 6000", Decimal(96), on=day)

    assert [gpu.id for gpu in found] == expected


@pytest.mark.parametrize(
    ("text", "period", "per_hour"),
    [
        ("Hrs", "hour", "1"),
        ("/hr", "hour", "1"),
        ("perhr", "hour", "1"),
        ("Flex  cost per second", "second", "3600"),
        ("per minute", "minute", "60"),
    ],
)
def test_unit_word_gives_periods_per_hour(facts: Facts, text: str, period: str, per_hour: str) -> None:
    """A source's unit word is found whatever its white space."""
    unit = facts.unit(text)

    assert unit is not None
    assert (unit.period, unit.periods_per_hour) == (period, Decimal(per_hour))


def test_fee_has_no_hourly_meaning(facts: Facts) -> None:
    """An upfront fee is a unit that is known, and known not to be hourly; an unknown word is None."""
    fee = facts.unit("Quantity")

    assert fee is not None
    assert fee.periods_per_hour is None
    assert facts.unit("hrs") is None


def test_unknown_id_names_the_file(facts: Facts) -> None:
    """Asking for a card that is not there says where cards are written down."""
    with pytest.raises(FactsError, match=r"'h100'.*data/facts/gpus\.toml"):
        facts.gpu("h100")


# Strictness.


def test_small_files_load(folder: Path) -> None:
    """The good rows that the other tests spoil are good, and every key of them arrives."""
    facts = load_facts(folder)
    claim = facts.claims[0]

    assert [gpu.id for gpu in facts.gpus] == ["l4-24gb", "t4-16gb"]
    assert facts.gpu("t4-16gb").memories == (Decimal(16), Decimal(15))
    assert facts.pools[0].note == "Nobody says which."
    assert facts.units[1].periods_per_hour is None
    assert facts.not_gpus[0].is_ == "AWS Inferentia2"
    assert (claim.status, claim.seen_on, claim.holds_until) == (ClaimStatus.PARTLY, None, date(2025, 12, 1))
    assert facts.references[0].group == "AWS Community"
    assert claim.later == (
        LaterVerdict(
            valid_from=date(2025, 12, 15),
            status=ClaimStatus.CONTRADICTED,
            short="",
            evidence_url="https://example.org/later",
            evidence_quote="It takes seconds.",
            seen_on=date(2025, 12, 20),
            dating="",
            checked_on=date(2026, 1, 3),
            remark="It was made faster.",
        ),
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        # keys
        ("gpus.toml", 'model = "L4"\n', "", "gpus.toml: [[gpu]] 'l4-24gb': model: is missing"),
        ("gpus.toml", "model = ", "modell = 1\nmodel = ", "[[gpu]] 'l4-24gb': modell: unknown key"),
        ("gpus.toml", "until = ", "unitl = ", "names.RunPod: unitl: unknown key"),
        ("gpus.toml", 'id = "l4-24gb"\n', "", "[[gpu]] number 1: id: is missing"),
        ("claims.toml", 'section = "scale_to_zero"\n', "", "claims.toml: [[claim]] 'one-claim': section: is"),
        # types and values
        ("gpus.toml", '"l4-24gb"', '"L4 24GB"', "id: 'L4 24GB' is not lower-case words joined by hyphens"),
        ("gpus.toml", 'model = "L4"', 'model = " "', "model: must not be empty"),
        ("gpus.toml", 'model = "L4"', "model = 4", "model: must be a text in quotes, not 4"),
        ("gpus.toml", '"PCIe"', '"PCI"', "form_factor: 'PCI' is none of '', 'NVL', 'PCIe', 'SXM'"),
        ("gpus.toml", '"24"', "24.0", "memory_gib: must be a text in quotes, not Decimal('24.0')"),
        ("gpus.toml", '"24"', '"24 GB"', "memory_gib: '24 GB' is not a positive number"),
        ("gpus.toml", '"24"', '"0"', "memory_gib: '0' is not a positive number"),
        ("gpus.toml", '["15"]', '["-15"]', "printed_memory_gib: '-15' is not a positive number"),
        ("gpus.toml", "https:", "http:", "source_url: 'http://example.org/gpus' is not an https address"),
        ("gpus.toml", "2026-01-02", '"2026-01-02"', "checked_on: must be a date such as 2026-11-23"),
        ("gpus.toml", "2026-01-02", "2026-01-02T00:00:00Z", "checked_on: must be a date such as"),
        ("gpus.toml", 'AWS = ["T4"]', 'AWS = "T4"', "[[gpu]] 't4-16gb': names.AWS: must be a list of names"),
        ("gpus.toml", FIRST_NAMES, 'names = "L4"', "[[gpu]] 'l4-24gb': names: must be a table, not 'L4'"),
        ("gpus.toml", 'AWS = ["T4"]', "AWS = []", "[[gpu]] 't4-16gb': names.AWS: must be a list of names"),
        ("gpus.toml", 'AWS = ["T4"]', "AWS = [4]", "names.AWS: name: must be a text in quotes, not 4"),
        ("gpus.toml", "from = 2026-01-01", "from = 2026-07-01", "until: 2026-06-30 is before 2026-07-01"),
        ("gpus.toml", '["l4-24gb", ', '["t4-16gb", ', "gpus: must hold different texts"),
        ("gpus.toml", '["l4-24gb", "t4-16gb"]', "[]", "gpus: must be a list with something in it"),
        ("units.toml", '"second"', '"fortnight"', "period: 'fortnight' is none of"),
        ("units.toml", "hourly = false", "hourly = true", "hourly: is written only as: hourly = false"),
        ("units.toml", "hourly = false\n", "", "[[unit]] 'Quantity': periods_per_hour: is missing"),
        (
            "units.toml",
            "hourly = false",
            'hourly = false\nperiods_per_hour = "1"',
            "periods_per_hour: unknown",
        ),
        ("claims.toml", '"partly"', '"true"', "status: 'true' is none of 'contradicted', 'partly'"),
        ("claims.toml", '"scale_to_zero"', '"other"', "section: 'other' is none of"),
        (
            "claims.toml",
            'dating = "undated page"\n',
            "",
            "dating: must say what is known of the evidence's age",
        ),
        ("claims.toml", "dating = ", "seen_on = 2026-02-01\ndating = ", "2026-01-02 is before 2026-02-01"),
        ("claims.toml", "2025-01-01", "2026-01-01", "holds_until: 2025-12-01 is before 2026-01-01"),
        (
            "claims.toml",
            "checked_on = 2026-01-02\nholds",
            "holds",
            "[[claim]] 'one-claim': checked_on: is missing; write a date such as 2026-11-23, without quotes",
        ),
        ("claims.toml", "from = 2025-12-15\n", "", "[[claim]] 'one-claim': later number 1: from: is missing; write a"),
        ("claims.toml", "checked_on = 2026-01-03\n", "", "'one-claim': later 2025-12-15: checked_on: is missing"),
        ("claims.toml", "seen_on = 2025-12-20\n", "", "later 2025-12-15: dating: must say what is known"),
        ("claims.toml", "2025-12-20", "2026-02-01", "later 2025-12-15: checked_on: 2026-01-03 is before 2026-02-01"),
        ("claims.toml", '"contradicted"', '"false"', "later 2025-12-15: status: 'false' is none of 'contradicted'"),
        ("claims.toml", "2025-12-15", "2025-11-15", "'one-claim': later: 2025-11-15 is before 2025-12-01"),
        ("claims.toml", "[[claim.later]]", "[claim.later]", "'one-claim': later: must be a list of tables"),
        ("claims.toml", '"It was made faster."', '""\nnote = "x"', "later 2025-12-15: note: unknown key"),
        (
            "claims.toml",
            '"AWS Community"',
            '"Friends"',
            "[[reference]] 'A question': group: 'Friends' is none",
        ),
        # rows against each other
        ("gpus.toml", '"t4-16gb"\nvendor', '"l4-24gb"\nvendor', "[[gpu]] 'l4-24gb': is there twice"),
        ("gpus.toml", '"t4-16gb"]', '"t4"]', "[[pool]] 'Small ones': gpus: t4 not in gpus.toml"),
        ("instances.toml", '"t4-16gb"', '"t4"', "[[instance]] 'g4dn.xlarge': gpu: t4 not in gpus.toml"),
        ("instances.toml", '"inf2"', '"g4dn"', "[[not_gpu]] 'g4dn': family: g4dn.xlarge of it has a GPU"),
        ("claims.toml", '"t4-16gb"', '"t4"', "[[claim]] 'one-claim': gpus: t4 not in gpus.toml"),
        # files
        ("units.toml", "[[unit]]", "[[units]]", "units.toml: units: must hold exactly the tables unit"),
        ("units.toml", '"per second"', '"per second', "units.toml: is not TOML"),
    ],
)
def test_wrong_row_is_named(spoil: Spoil, file: str, old: str, new: str, said: str) -> None:
    """Whatever is wrong in a file stops the loading, and the message names file, row and key."""
    message = spoil(file, old, new)

    assert file in message
    assert said in message


@pytest.mark.parametrize("label", ['"L4"', '{ name = "Card", from = 2026-06-30 }', '"Card"'])
def test_one_name_with_one_memory_cannot_be_two_cards(folder: Path, spoil: Spoil, label: str) -> None:
    """The same name, memory and day for two cards would make a price's card a matter of file order."""
    file = folder / "gpus.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('["15"]', '["24"]'), encoding="utf-8")

    message = spoil("gpus.toml", '"Twin"', label)

    assert "gpus.toml: [[gpu]] 't4-16gb': names.RunPod: " in message
    assert "with the same memory is 'l4-24gb' too" in message


@pytest.mark.parametrize("label", ['{ name = "Card", from = 2026-07-01 }', '{ name = "Card", until = 2025-12-31 }'])
def test_one_name_may_be_two_cards_one_after_the_other(folder: Path, label: str) -> None:
    """A label that moved from one card to another is no clash, even with the same memory."""
    file = folder / "gpus.toml"
    text = file.read_text(encoding="utf-8").replace('["15"]', '["24"]').replace('"Twin"', label)
    file.write_text(text, encoding="utf-8")

    assert len(load_facts(folder).gpus_named("RunPod", "Pods", "Card", Decimal(24))) == 2


def test_missing_file_is_named(folder: Path) -> None:
    """A folder without one of the files says which."""
    (folder / "units.toml").unlink()

    with pytest.raises(FactsError, match=r"units\.toml: cannot be read: No such file"):
        load_facts(folder)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"unit = 3\n", b"unit = [1]\n"])
def test_file_that_is_something_else_is_named(folder: Path, body: bytes) -> None:
    """Bytes that are no text, or TOML of another shape, are an error about that file."""
    (folder / "units.toml").write_bytes(body)

    with pytest.raises(FactsError, match=r"units\.toml: .*(not TOML|\[\[unit\]\])"):
        load_facts(folder)


# Against the reference data, where it is there.


def reference(path: str) -> Path:
    """Give a file of the reference data, or skip."""
    file = REFERENCE / path
    if not file.is_file():
        pytest.skip("no reference data beside this checkout")
    return file


@pytest.mark.reference
def test_every_name_runpod_ever_listed_is_the_card_of_its_id(facts: Facts) -> None:
    """In every committed version of RunPod's list, id and display name mean the same one card on that day."""
    with reference("runpod/gpu_types_history.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert rows
    for row in rows:
        memory, day = Decimal(row["memory_gb"]), date.fromisoformat(row["commit_date"])
        by_id = facts.gpus_named("RunPod", "Pods", row["gpu_id"], memory, on=day)
        by_name = facts.gpus_named("RunPod", "Pods", row["display_name"], memory, on=day)
        assert len(by_id) == 1, row
        assert by_name == by_id, row


@pytest.mark.reference
def test_every_runpod_label_with_a_price_is_known(facts: Facts) -> None:
    """Every RunPod label that a price was seen under is a card or a group."""
    with reference("observations.csv").open(encoding="utf-8", newline="") as stream:
        labels = {(r["service"], r["gpu"]) for r in csv.DictReader(stream) if r["provider"] == "RunPod"}

    assert labels
    assert [label for label in sorted(labels) if not facts.gpus_named("RunPod", *label, None)] == []


@pytest.mark.reference
def test_every_aws_type_with_a_price_is_known(facts: Facts) -> None:
    """Every AWS type that a price was seen for has the count that was used for it."""
    with reference("observations.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["provider"] == "AWS"]

    assert rows
    for row in rows:
        instance = facts.instance(row["sku"])
        assert instance is not None, row["sku"]
        assert row["gpu_count"] in {"", format(instance.gpu_count, "f")}, row["sku"]


@pytest.mark.reference
def test_instances_agree_with_describe_instance_types(facts: Facts) -> None:
    """Count, fraction and maker are those of AWS's API; its usable memory is at most 7.5 % below ours."""
    folder = "aws/ec2-describe-instance-types"
    file = reference(f"{folder}/moto-5.2.5_DescribeInstanceTypes_accelerated.json")
    types = json.loads(file.read_text(encoding="utf-8"))

    assert types
    for name, described in types.items():
        if "GpuInfo" not in described and "Gpus" not in described:
            assert facts.not_gpu(name) is not None, name
            continue
        info = described.get("GpuInfo", described)
        [device] = info["Gpus"]
        instance = facts.instance(name)
        assert instance is not None, name
        whole_cards = device["LogicalGpuCount"] * Decimal(str(device["GpuPartitionSize"]))
        usable = Decimal(info["TotalGpuMemoryInMiB"]) / 1024
        assert instance.gpu_count == whole_cards, name
        assert facts.gpu(instance.gpu).vendor == device["Manufacturer"], name
        assert device["Name"] in {label.name for label in facts.gpu(instance.gpu).names}, name
        assert Decimal("0.925") <= usable / instance.gpu_memory_gib <= Decimal("1.005"), name


@pytest.mark.reference
def test_vantage_feed_differs_only_where_it_is_known_to_be_wrong(facts: Facts) -> None:
    """All types of the feed are known; its counts differ for p2 and GB200 only."""
    rows = json.loads(reference("vantage/tsaol_gpu_instances_raw_2025-11-30.json").read_text(encoding="utf-8"))
    counts = {row["instance_type"]: Decimal(str(row["GPU"])) for row in rows}
    ours = {name: facts.instance(name) for name in counts}

    assert len(counts) == 84
    assert [name for name, found in ours.items() if not found and not facts.not_gpu(name)] == []
    assert {name for name, found in ours.items() if found and found.gpu_count != counts[name]} == {
        "p2.8xlarge",
        "p2.16xlarge",
        "p6e-gb200.36xlarge",
    }


@pytest.mark.reference
@pytest.mark.parametrize("day", ["2025-12-01", "2026-11-17"])
def test_types_of_the_sdk_are_known(facts: Facts, day: str) -> None:
    """Every accelerated type that AWS's SDK names is a GPU instance or ignored by name."""
    known = json.loads(reference(f"others/botocore_gpu_facts_{day}.json").read_text(encoding="utf-8"))
    types = known["ec2_InstanceType_gpu"] + known["sagemaker_ProductionVariantInstanceType_gpu"]

    assert types
    assert [name for name in types if not facts.instance(name) and not facts.not_gpu(name)] == []


@pytest.mark.reference
def test_quotations_are_those_of_the_vendors(facts: Facts) -> None:
    """Of every recorded sentence of a page that a statement cites, some statement has the words."""
    with reference("others/aws_quotes.csv").open(encoding="utf-8", newline="") as file:
        recorded = [(row["url"], row["quote"]) for row in csv.DictReader(file)]
    cited = {(verdict.evidence_url, verdict.evidence_quote) for verdict in judged(facts) if verdict.evidence_quote}
    pages = {url for url, _ in cited}
    ours = [(url, said) for url, said in recorded if url in pages]

    assert len(ours) >= 4
    assert [said for url, said in ours if not any(url == page and quote in said for page, quote in cited)] == []


@pytest.mark.reference
def test_lambda_has_no_accelerator_until_the_later_sdk(facts: Facts) -> None:
    """What changed between the two verdicts is what changed between the SDK of the two days."""
    known = {
        day: json.loads(reference(f"others/botocore_gpu_facts_{day}.json").read_text(encoding="utf-8"))
        for day in ("2025-12-01", "2026-11-17")
    }
    claim = next(claim for claim in facts.claims if claim.id == "eliminated-lambda-without-gpu")
    days = {claim.holds_until: claim.status, claim.later[0].valid_from: claim.later[0].status}

    assert {date.fromisoformat(day): bool(facts_["lambda_AcceleratorConfig"]) for day, facts_ in known.items()} == {
        day: status is ClaimStatus.CONTRADICTED for day, status in days.items()
    }


@pytest.mark.reference
def test_claims_about_sagemaker_agree_with_the_sdk(facts: Facts) -> None:
    """Every ml. type that a table cell names is one that the SDK of both dates takes for endpoints."""
    files = [reference(f"others/botocore_gpu_facts_{day}.json") for day in ("2025-12-01", "2026-11-17")]
    sdk = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    named = {
        word.strip(",")
        for claim in facts.claims
        for word in claim.short.split()
        if word.startswith("ml.") and claim.aspect == "SageMaker Inference"
    }

    assert named
    assert [
        name
        for name in sorted(named)
        if not all(name in known["sagemaker_ProductionVariantInstanceType_gpu"] for known in sdk)
    ] == []


@pytest.mark.reference
def test_capacity_block_types_are_known(facts: Facts) -> None:
    """The page of Capacity Blocks counts the same GPUs, UltraServers included."""
    page = json.loads(reference("aws/capacity-blocks/pricing_2026-07-22.json").read_text(encoding="utf-8"))

    assert page["instance_types"]
    for name, row in page["instance_types"].items():
        instance = facts.instance(name)
        if instance is None:
            assert facts.not_gpu(name) is not None, name
        else:
            assert instance.gpu_count == row["accelerator_count"], name
