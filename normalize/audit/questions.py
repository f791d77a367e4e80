"""What a printed figure is the price of, as far as its document says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from normalize.audit import words
from normalize.audit.context import Answer, Surrounding, ask, surroundings
from normalize.audit.gpu_words import GpuMention, GpuWords, memory_in
from normalize.audit.instance_words import InstanceMention, InstanceWords
from normalize.audit.periods import Period, is_per_gpu, period_of, unit_in
from normalize.audit.words import AWS, NO_GPU_SERVICE, RUNPOD, SAGEMAKER
from normalize.facts import Facts
from normalize.records import CloudType, PricingCategory
from scrapers.documents.records import PrintedFigure

_DEFAULT_CATEGORY = {
    "Serverless": PricingCategory.FLEX,
    "Clusters": PricingCategory.CLUSTER,
    "EC2 Capacity Blocks": PricingCategory.CAPACITY_BLOCK,
}
_CATEGORY_OF_SERVICE = {
    "Serverless": {PricingCategory.FLEX, PricingCategory.ACTIVE},
    "Clusters": {PricingCategory.CLUSTER},
    "EC2 Capacity Blocks": {PricingCategory.CAPACITY_BLOCK},
}
"""Kinds of price that a product has; another one in the surroundings is not about it."""
T = TypeVar("T")
_MEMORY_HEAD = ("memory", "vram")


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure is printed as the price of; None and "" where the document does not say.

    Attributes:
        provider: the seller; a name of `words.OTHER_SELLERS` where no source prices it.
        service: the product; `words.SAGEMAKER` for any component of it.
        category: how it is sold.
        category_said: whether the document says so; else it is the product's usual kind of price.
        cloud: RunPod's kind of host.
        months: of a commitment.
        region: code.
        instances: types of EC2 without ``ml.`` that are meant.
        instance_text: as printed.
        gpus: canonical ids of the cards that may be meant.
        gpu_text: as printed.
        memory_gib: per GPU as printed.
        count: GPUs.
        period: what the price is for.
        per_gpu: whether it is printed as the price of one GPU.
        sure: whether seller, product and hardware are said by the figure's own words; else a difference is a doubt.
    """

    provider: str = ""
    service: str = ""
    category: PricingCategory | None = None
    category_said: bool = False
    cloud: CloudType | None = None
    months: int | None = None
    region: str = ""
    instances: tuple[str, ...] = ()
    instance_text: str = ""
    gpus: frozenset[str] = frozenset()
    gpu_text: str = ""
    memory_gib: Decimal | None = None
    count: int | None = None
    period: Period | None = None
    per_gpu: bool = False
    sure: bool = True

    @property
    def names_hardware(self) -> bool:
        """Whether the document says of what GPU or instance it is the price."""
        return bool(self.instance_text or self.gpus)


class QuestionReader:
    """Reads what figures are the prices of."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._gpus = GpuWords(facts)
        self._instances = InstanceWords(facts)

    def read(self, figure: PrintedFigure, others: Sequence[PrintedFigure]) -> Question:
        """Return what a figure is the price of.

        Args:
            figure: the figure.
            others: all figures of its passage, in their order.
        """
        around = surroundings(figure, others)
        instance = ask(around, lambda p: tuple((m.start, m) for m in self._instances.find(p.text)))
        mention = instance.value if isinstance(instance.value, InstanceMention) else None
        seller = ask(around, lambda p: words.providers(p.text))
        provider = AWS if mention else str(seller.value or "")
        service = self._service(around, provider, mention)
        category = _category(around, str(service.value or ""))
        gpus, gpu_text, gpu_sure = self._gpus_of([p for p in around if p.near] if mention else around)
        unit = figure.unit if period_of(figure.unit) or is_per_gpu(figure.unit) else ""
        head = unit_in(figure.passage.column) or ("" if figure.unit else _unit_beside(figure, others))
        count = ask(around, lambda p: words.counts(p.text)).value
        named = frozenset(self._facts_gpus(mention)) if mention else frozenset()
        return Question(
            provider=provider,
            service=str(service.value or ""),
            category=category or _DEFAULT_CATEGORY.get(str(service.value), PricingCategory.ON_DEMAND),
            category_said=category is not None,
            cloud=_only(ask(around, lambda p: words.clouds(p.text)), CloudType) if provider == RUNPOD else None,
            months=_only(ask(around, lambda p: words.terms_months(p.text)), int),
            region=str(ask(around, lambda p: words.regions(p.text)).value or ""),
            instances=self._of_count(mention, count),
            instance_text=mention.text if mention else "",
            gpus=gpus or named,
            gpu_text=gpu_text,
            memory_gib=_memory(around),
            count=count if isinstance(count, int) else None,
            period=period_of(unit) or period_of(head),
            per_gpu=is_per_gpu(unit) or is_per_gpu(figure.passage.column),
            sure=(seller.sure or mention is not None) and service.sure and gpu_sure and instance.sure,
        )

    def _service(self, around: Sequence[Surrounding], provider: str, mention: InstanceMention | None) -> Answer:
        said = ask(around, lambda p: words.services(p.text, provider))
        if said.value == NO_GPU_SERVICE or mention is None:
            return said
        return Answer(SAGEMAKER if mention.sagemaker else said.value or "EC2", sure=True)

    def _gpus_of(self, around: Sequence[Surrounding]) -> tuple[frozenset[str], str, bool]:
        """Return the cards of the nearest text that names any; several of one text are a group of them."""
        memory = _memory(around)
        for place in around:
            found = self._gpus.find(place.text, memory)
            if found and place.last:
                return found[-1].gpus, found[-1].text, len({m.gpus for m in found}) == 1
            if found and (place.near or len(found) == 1):
                return frozenset().union(*(m.gpus for m in found)), ", ".join(m.text for m in found), not place.far
        return frozenset(), "", True

    def _facts_gpus(self, mention: InstanceMention) -> list[str]:
        found = [self._facts.instance(name) for name in mention.types]
        return [instance.gpu for instance in found if instance]

    def _of_count(self, mention: InstanceMention | None, count: object) -> tuple[str, ...]:
        """Return the types of a mention; of a family those with the number of GPUs that is said, if any."""
        if mention is None or len(mention.types) < 2 or count is None:  # noqa: PLR2004  # one type is what it is
            return mention.types if mention else ()
        fitting = [i for i in map(self._facts.instance, mention.types) if i and i.gpu_count == count]
        return tuple(i.type for i in fitting) or mention.types

    def gpus_in(self, text: str, memory_gib: Decimal | None) -> frozenset[str]:
        """Return the cards that a text names, those with a memory size where some have it."""
        return frozenset().union(*(mention.gpus for mention in self._gpus.find(text, memory_gib)))

    def mentions(self, text: str) -> tuple[tuple[GpuMention, ...], tuple[InstanceMention, ...]]:
        """Return the GPUs and the instance types that a text names."""
        return self._gpus.find(text), self._instances.find(text)


def _category(around: Sequence[Surrounding], service: str) -> PricingCategory | None:
    """Return how it is sold; a word for a kind of price that the product does not have is about something else."""
    known = _CATEGORY_OF_SERVICE.get(service)

    def read(place: Surrounding) -> words.Found:
        found = words.categories(place.text)
        return tuple(f for f in found if known is None or f[1] in known)

    value = _only(ask(around, read), PricingCategory)
    runpods_own = value in {PricingCategory.FLEX, PricingCategory.ACTIVE} and known is None
    return None if runpods_own else value


def _memory(around: Sequence[Surrounding]) -> Decimal | None:
    """Return the memory of one GPU: from a column of it, else from beside the GPU's name."""
    for place in around:
        if any(word in place.head.lower() for word in _MEMORY_HEAD):
            digits = place.text.strip()
            return memory_in(place.text) or (Decimal(digits) if digits.isdecimal() else None)
    return next((size for place in around if (size := memory_in(place.text)) is not None), None)


def _unit_beside(figure: PrintedFigure, others: Sequence[PrintedFigure]) -> str:
    """Return the unit of the other figures of a sentence, where they have one: ``$1.90 against $2.61 per hour``."""
    units = {f.unit for f in others if f is not figure and period_of(f.unit)}
    return units.pop() if len(units) == 1 else ""


def _only(answer: Answer, kind: type[T]) -> T | None:
    return answer.value if isinstance(answer.value, kind) else None
