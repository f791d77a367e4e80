"""The words of documents for sellers, products, kinds of price and places, and what they mean here.

Each table is tried in its order; a text may name several meanings, and the caller decides whether that is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from normalize.records import CloudType, PricingCategory

RUNPOD = "RunPod"
AWS = "AWS"
NO_GPU_SERVICE = "SageMaker Serverless Inference"
"""A product of AWS that documents set beside the others, and that has no GPU and so no price here."""
SAGEMAKER = "SageMaker"
"""Any component of SageMaker: their prices of one instance type are the same wherever both are known."""

_PROVIDERS = (
    (RUNPOD, r"run\s?pod"),
    (AWS, r"aws|amazon|ec2|sagemaker|\bml\.[a-z]\w*"),
)
OTHER_SELLERS = (
    "Azure", "Google Cloud", "GCP", "CoreWeave", "Lambda Labs", "Lambda Cloud", "Vast.ai", "Vast", "Paperspace",
    "Modal", "Replicate", "Baseten", "Together AI", "Fireworks", "Hugging Face", "OVH", "Nebius", "Crusoe",
    "DigitalOcean", "Oracle", "OCI", "FluidStack", "TensorDock", "JarvisLabs", "Hyperstack", "Northflank",
    "Beam", "Cerebrium", "fal.ai", "Koyeb", "Vultr", "Linode", "Scaleway", "Thunder Compute", "SaladCloud",
    "Genesis Cloud", "DataCrunch", "Shadeform", "Massed Compute", "Latitude.sh", "Bedrock", "AWS Lambda",
)  # fmt: skip
"""Sellers and products that no source of Ratecard prices: their figures are not anybody else's."""
_SERVICES = {
    AWS: (
        (NO_GPU_SERVICE, r"sagemaker serverless|serverless inference"),
        ("EC2 Capacity Blocks", r"capacity blocks?"),
        (SAGEMAKER, r"sagemaker|\bml\.[a-z]\w*"),
        ("EC2", r"\bec2\b"),
    ),
    RUNPOD: (
        ("Serverless", r"serverless|\bflex\b|active workers?|flashboot"),
        ("Clusters", r"(?:instant )?clusters?"),
        ("Pods", r"\bpods?\b|secure cloud|community cloud"),
    ),
}
_CATEGORIES = (
    (PricingCategory.SPOT, r"\bspot\b|interruptible|preemptible"),
    (PricingCategory.CAPACITY_BLOCK, r"capacity blocks?"),
    (PricingCategory.COMMITTED, r"reserved|savings plans?|committed|commitment|\b[13][- ]?(?:year|yr)s?\b"),
    (PricingCategory.ON_DEMAND, r"on[- ]?demand|pay[- ]as[- ]you[- ]go"),
    (PricingCategory.FLEX, r"\bflex\b"),
    (PricingCategory.ACTIVE, r"\bactive\b"),
    (PricingCategory.CLUSTER, r"clusters?\b"),
)
_CLOUDS = ((CloudType.SECURE, r"\bsecure\b"), (CloudType.COMMUNITY, r"\bcommunity\b"))
_REGIONS = (
    ("us-east-1", r"(?:n\.|northern|north) virginia|us[- ]east \(n"),
    ("us-east-2", r"\bohio\b"),
    ("us-west-1", r"(?:n\.|northern) california"),
    ("us-west-2", r"\boregon\b"),
    ("eu-west-1", r"\bireland\b"),
    ("eu-west-2", r"\blondon\b"),
    ("eu-west-3", r"\bparis\b"),
    ("eu-central-1", r"\bfrankfurt\b"),
    ("eu-north-1", r"\bstockholm\b"),
    ("ap-northeast-1", r"\btokyo\b"),
    ("ap-southeast-1", r"\bsingapore\b"),
    ("ap-southeast-2", r"\bsydney\b"),
    ("ap-south-1", r"\bmumbai\b"),
)
_REGION_CODE = re.compile(
    r"\b(?:us|eu|ap|sa|ca|me|af|il|mx)-(?:gov-)?(?:north|south|east|west|central)(?:east|west)?-\d\b"
)
_COUNT = re.compile(
    r"(?<![\w.,$])(\d{1,3})\s?[x×](?![\w-]*\d*x)|(?<![\w.,$])(\d{1,3})[- ]?GPUs?\b|\bsingle[- ]GPU\b", re.IGNORECASE
)
_YEARS = re.compile(r"\b([13])[- ]?(?:year|yr)s?\b", re.IGNORECASE)
_OTHER = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, OTHER_SELLERS))})(?![\w-])")


def _compiled(table: Sequence[tuple[object, str]]) -> tuple[tuple[object, re.Pattern[str]], ...]:
    return tuple((meaning, re.compile(words, re.IGNORECASE)) for meaning, words in table)


_PROVIDER_WORDS = _compiled(_PROVIDERS)
_SERVICE_WORDS = {provider: _compiled(table) for provider, table in _SERVICES.items()}
_CATEGORY_WORDS = _compiled(_CATEGORIES)
_CLOUD_WORDS = _compiled(_CLOUDS)
_REGION_WORDS = _compiled(_REGIONS)

Found = tuple[tuple[int, object], ...]
"""Offsets, ascending, and what stands there."""


def _search(table: Sequence[tuple[object, re.Pattern[str]]], text: str) -> Found:
    """Return where each meaning is named last; a meaning named inside the words of one before it is not meant."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, object]] = []
    for meaning, pattern in table:
        spots = [m for m in pattern.finditer(text) if not any(a <= m.start() < b for a, b in taken)]
        taken += [m.span() for m in spots]
        if spots:
            found.append((spots[-1].start(), meaning))
    return tuple(sorted(found, key=lambda pair: pair[0]))


def providers(text: str) -> Found:
    """Return the sellers that a text names; one that is not read here under its own name."""
    others = tuple((m.start(), m[0]) for m in _OTHER.finditer(text))
    spans = [(start, start + len(str(name))) for start, name in others]
    known = [f for f in _search(_PROVIDER_WORDS, text) if not any(a <= f[0] < b for a, b in spans)]
    return tuple(sorted((*known, *others), key=lambda pair: pair[0]))


def services(text: str, provider: str) -> Found:
    """Return the products of a seller that a text names."""
    return _search(_SERVICE_WORDS.get(provider, ()), text)


def categories(text: str) -> Found:
    """Return the kinds of price that a text names."""
    return _search(_CATEGORY_WORDS, text)


def clouds(text: str) -> Found:
    """Return RunPod's kinds of host that a text names."""
    return _search(_CLOUD_WORDS, text)


def regions(text: str) -> Found:
    """Return the AWS regions that a text names, by code or by place."""
    codes = tuple((m.start(), m[0]) for m in _REGION_CODE.finditer(text))
    return codes or _search(_REGION_WORDS, text)


def counts(text: str) -> Found:
    """Return the numbers of GPUs that a text names: ``8x``, ``8 GPUs``, ``single GPU``."""
    return tuple((m.start(), int(m[1] or m[2] or 1)) for m in _COUNT.finditer(text))


def terms_months(text: str) -> Found:
    """Return the lengths of commitments that a text names, in months."""
    return tuple((m.start(), 12 * int(m[1])) for m in _YEARS.finditer(text))
