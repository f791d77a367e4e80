"""Which offers a user asked for."""

from __future__ import annotations

import difflib

from normalize.facts import Facts
from normalize.records import Market, Offer
from scrapers.errors import UsageError


def select(
    market: Market, facts: Facts, *, gpu: str | None, provider: str | None, region: str | None
) -> tuple[Offer, ...]:
    """Return the offers of a GPU, provider and region; None takes all.

    Raises:
        UsageError: nobody has heard of the GPU or provider; the message names the nearest that exist.
    """
    gpus = None if gpu is None else _gpus(gpu, facts)
    if provider is not None:
        provider = _one_of(provider, sorted({o.provider for o in market.offers}), "--provider")
    return tuple(
        o
        for o in market.offers
        if (gpus is None or o.gpu in gpus) and provider in {None, o.provider} and region in {None, o.region}
    )


def _gpus(name: str, facts: Facts) -> set[str]:
    wanted = name.casefold()
    found = {g.id for g in facts.gpus if wanted in {g.id, g.model.casefold(), f"{g.model} {g.form_factor}".casefold()}}
    if not found:
        known = sorted({g.model for g in facts.gpus} | {g.id for g in facts.gpus})
        _one_of(name, known, "--gpu")
    return found


def _one_of(name: str, known: list[str], option: str) -> str:
    for candidate in known:
        if candidate.casefold() == name.casefold():
            return candidate
    near = difflib.get_close_matches(name, known, n=5, cutoff=0.4) or known[:12]
    raise UsageError(f"{option} {name}: unknown; did you mean one of: {', '.join(near)}")
