"""The hand-kept facts, loaded strictly and looked up by the sources' own words.

A name that is not in the facts gives None or (): a finding for the caller, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from normalize.facts_bands import BANDS_FILE, Band, Premium, read_bands
from normalize.facts_claims import CLAIMS_FILE, read_claims
from normalize.facts_files import INSTANCES_FILE, read_instances, read_units
from normalize.facts_gpus import GPUS_FILE, read_gpus
from normalize.facts_records import (
    Claim,
    ClaimStatus,
    Gpu,
    GpuName,
    GpuPool,
    InstanceType,
    LaterVerdict,
    NotGpu,
    Reference,
    Unit,
)
from normalize.facts_releases import Release, read_releases
from normalize.facts_rows import squeeze
from scrapers.errors import FactsError

__all__ = [
    "Band",
    "Claim",
    "ClaimStatus",
    "Facts",
    "Gpu",
    "GpuName",
    "GpuPool",
    "InstanceType",
    "LaterVerdict",
    "NotGpu",
    "Premium",
    "Reference",
    "Release",
    "Unit",
    "default_facts_folder",
    "load_facts",
]

_SAGEMAKER_PREFIX = "ml."
"""SageMaker's ml.X runs on the hardware of EC2's X."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All hand-kept facts.

    Attributes:
        gpus: cards, in the order of their file, like everything here.
        pools: groups of cards sold at one price.
        instances: instance types with GPUs.
        not_gpus: families with other accelerators.
        units: unit words.
        claims: statements that are not prices.
        references: the report's list of links.
        bands: plausible prices, by card.
        premiums: plausible prices of managed products over the machines under them.
        releases: decisions that one price may be used although it breaks an invariant.
    """

    gpus: tuple[Gpu, ...]
    pools: tuple[GpuPool, ...]
    instances: tuple[InstanceType, ...]
    not_gpus: tuple[NotGpu, ...]
    units: tuple[Unit, ...]
    claims: tuple[Claim, ...]
    references: tuple[Reference, ...]
    bands: tuple[Band, ...]
    premiums: tuple[Premium, ...]
    releases: tuple[Release, ...]
    _gpus: Mapping[str, Gpu] = field(init=False, repr=False, compare=False)
    _names: Mapping[tuple[str, str], tuple[tuple[GpuName, Gpu], ...]] = field(init=False, repr=False, compare=False)
    _pools: Mapping[tuple[str, str, str], GpuPool] = field(init=False, repr=False, compare=False)
    _instances: Mapping[str, InstanceType] = field(init=False, repr=False, compare=False)
    _not_gpus: Mapping[str, NotGpu] = field(init=False, repr=False, compare=False)
    _units: Mapping[str, Unit] = field(init=False, repr=False, compare=False)
    _bands: Mapping[str, Band] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the indexes."""
        names: dict[tuple[str, str], tuple[tuple[GpuName, Gpu], ...]] = {}
        for gpu in self.gpus:
            for name in gpu.names:
                key = (name.provider, name.name)
                names[key] = (*names.get(key, ()), (name, gpu))
        indexes: dict[str, object] = {
            "_gpus": {gpu.id: gpu for gpu in self.gpus},
            "_names": names,
            "_pools": {(pool.provider, pool.service, pool.name): pool for pool in self.pools},
            "_instances": {instance.type: instance for instance in self.instances},
            "_not_gpus": {other.family: other for other in self.not_gpus},
            "_units": {unit.text: unit for unit in self.units},
            "_bands": {band.gpu: band for band in self.bands},
        }
        for name_of_index, index in indexes.items():
            object.__setattr__(self, name_of_index, index)

    def gpu(self, gpu_id: str) -> Gpu:
        """Return the card with a canonical id.

        Raises:
            FactsError: there is none.
        """
        if gpu_id not in self._gpus:
            raise FactsError(f"unknown GPU {gpu_id!r}; the ids are in data/facts/{GPUS_FILE}")
        return self._gpus[gpu_id]

    def gpus_named(
        self, provider: str, service: str, name: str, memory_gib: Decimal | None, *, on: date | None = None
    ) -> tuple[Gpu, ...]:
        """Return the cards that a seller's name may mean.

        Args:
            provider: the seller.
            service: the product; groups of cards belong to one.
            name: as printed; runs of white space count as one space, all else must match exactly.
            memory_gib: per GPU as printed, None where it is not.
            on: the day the name was read, None for any: some labels moved from one card to another.

        Returns:
            One for an exact card; several for a group, or for a label that only a memory or a day would make
            clear; none for a name that is unknown, or known only with another memory or on other days.
        """
        pool = self.pool(provider, service, name)
        if pool is not None:
            return tuple(map(self.gpu, pool.gpus)) if memory_gib in {None, pool.memory_gib} else ()
        return tuple(
            gpu
            for label, gpu in self._names.get((provider, squeeze(name)), ())
            if label.holds_on(on) and (memory_gib is None or memory_gib in gpu.memories)
        )

    def pool(self, provider: str, service: str, name: str) -> GpuPool | None:
        """Return the group of cards with a printed label, if it is one."""
        return self._pools.get((provider, service, squeeze(name)))

    def instance(self, instance_type: str) -> InstanceType | None:
        """Return the GPUs of an instance type of EC2 (``g5.xlarge``) or SageMaker (``ml.g5.xlarge``)."""
        return self._instances.get(instance_type.removeprefix(_SAGEMAKER_PREFIX))

    def not_gpu(self, instance_type: str) -> NotGpu | None:
        """Return what an instance type's accelerator is, where it is known to be no GPU."""
        return self._not_gpus.get(_family(instance_type.removeprefix(_SAGEMAKER_PREFIX)))

    def unit(self, text: str) -> Unit | None:
        """Return the unit that a source's word stands for."""
        return self._units.get(squeeze(text))

    def band(self, gpu_id: str) -> Band | None:
        """Return what a card may plausibly cost; None where too little of it is public."""
        return self._bands.get(gpu_id)


def _family(instance_type: str) -> str:
    """Return the part before the dot, all of it: a prefix test would take p5 for p5e."""
    return instance_type.partition(".")[0]


def default_facts_folder() -> Path:
    """Return the folder of the facts that belong to this checkout."""
    return Path(__file__).resolve().parents[1] / "data" / "facts"


def load_facts(folder: Path) -> Facts:
    """Load all facts.

    Args:
        folder: holds ``gpus.toml``, ``instances.toml``, ``units.toml``, ``claims.toml``, ``bands.toml`` and
            ``releases.toml``.

    Raises:
        FactsError: a file is missing or wrong; names file, row and key.
    """
    gpus, pools = read_gpus(folder)
    instances, not_gpus = read_instances(folder)
    claims, references = read_claims(folder)
    bands, premiums = read_bands(folder)
    releases = read_releases(folder)
    units = read_units(folder)
    facts = Facts(gpus, pools, instances, not_gpus, units, claims, references, bands, premiums, releases)
    _check_gpus_exist(facts, folder)
    _check_families(facts, folder)
    return facts


def _check_gpus_exist(facts: Facts, folder: Path) -> None:
    """Raise when a row names a card that has no row."""
    known = {gpu.id for gpu in facts.gpus}
    uses = [(GPUS_FILE, "pool", pool.name, "gpus", pool.gpus) for pool in facts.pools]
    uses += [(INSTANCES_FILE, "instance", row.type, "gpu", (row.gpu,)) for row in facts.instances]
    uses += [(BANDS_FILE, "band", band.gpu, "gpu", (band.gpu,)) for band in facts.bands]
    uses += [(CLAIMS_FILE, "claim", claim.id, "gpus", claim.gpus) for claim in facts.claims]
    for file, table, row_id, key, ids in uses:
        if unknown := sorted(set(ids) - known):
            raise FactsError(f"{folder / file}: [[{table}]] {row_id!r}: {key}: {', '.join(unknown)} not in {GPUS_FILE}")


def _check_families(facts: Facts, folder: Path) -> None:
    """Raise when a family is both taken and ignored."""
    for instance in facts.instances:
        if facts.not_gpu(instance.type) is not None:
            family = _family(instance.type)
            raise FactsError(
                f"{folder / INSTANCES_FILE}: [[not_gpu]] {family!r}: family: {instance.type} of it has a GPU"
            )
