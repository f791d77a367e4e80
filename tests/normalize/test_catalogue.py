"""A provider's list of what it sells: of which products it speaks, and when its silence says something."""

from types import ModuleType

from normalize.catalogue import listed, whole_list


def test_list_of_gpus_speaks_of_every_product(build: ModuleType) -> None:
    """A seller of GPUs lists them once for all its products, and what it does not list it does not sell."""
    entry = build.entry()
    market = build.market(catalogue=(entry, build.entry(provider="Otherexample")))

    assert listed(market, "Examplecloud", ("Any",)) == [entry]
    assert whole_list(market, "Examplecloud") == [entry]


def test_list_of_instance_types_speaks_of_its_product_alone(build: ModuleType) -> None:
    """What EC2 has in one region says nothing of SageMaker, and its silence nothing of other regions."""
    entry = build.entry(provider="AWS", service="EC2")
    market = build.market(catalogue=(entry,))

    assert listed(market, "AWS", ("EC2",)) == [entry]
    assert listed(market, "AWS", ("SageMaker Hosting",)) == []
    assert whole_list(market, "AWS") == []
