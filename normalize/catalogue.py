"""What a provider's own list of what it sells says, and what its silence says."""

from __future__ import annotations

from collections.abc import Sequence

from normalize.meaning import INSTANCE_PROVIDERS
from normalize.records import CatalogueEntry, Market


def listed(market: Market, provider: str, services: Sequence[str]) -> list[CatalogueEntry]:
    """Return the entries of a provider that speak of these products.

    A list of GPUs speaks of all its seller's products; one of instance types of the product that it names alone: that
    EC2 has a type does not say that SageMaker has it.
    """
    entries = [entry for entry in market.catalogue if entry.provider == provider]
    return [entry for entry in entries if provider not in INSTANCE_PROVIDERS or entry.service in services]


def whole_list(market: Market, provider: str) -> list[CatalogueEntry]:
    """Return the entries of a provider whose list leaves nothing out; those of instance types hold single regions."""
    return [entry for entry in market.catalogue if entry.provider == provider and provider not in INSTANCE_PROVIDERS]
