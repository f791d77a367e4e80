"""An audit as JSON: one object with stable keys.

======================================= ==============================================================================
key                                     holds
======================================= ==============================================================================
document                                name, sha256, size, media_type, title, declared_date, cut_off
on, dated_by                            the date as of which it was judged, and how that is known
as_of, snapshot                         of the market it was judged against; null when the store begins later
exit_code                               0 all holds, 1 something is wrong, 3 something could not be checked
counts                                  of figures, sums and statements: verdict to number
figures[]                               line, locator, quote, printed, low, high, currency, unit, approximate, bound,
                                        absence, subject, verdict, manner, reason, remarks[], right[], instead[],
                                        nearest[] (offers), entries[] (of a seller's list), claims[]
sums[]                                  line, locator, text, printed, verdict, formula, recomputed, reason
statements[]                            line, locator, text, verdict, manner, reason, claims[], offers[],
                                        entries[]
unread[]                                line, text, why
plain_lines[]                           lines that were read and say nothing that could be checked
notices[]                               what a reader must know first
======================================= ==============================================================================

Offers are those of ``ratecard prices --format json``, each with its citations; a claim is id, statement, status, dated,
remark, evidence_url. Decimals are text, what is absent is null.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from normalize.audit.records import Audit, FigureVerdict, StatementVerdict, SumVerdict, VerdictKind
from normalize.claims import Verdict as ClaimAtDate
from normalize.export import record
from scrapers.documents.records import Place

_DOCUMENT = ("name", "sha256", "size", "media_type", "title", "declared_date", "cut_off")
_FIGURE = ("low", "high", "currency", "unit", "approximate", "bound", "absence")

Row = dict[str, Any]


def audit_json(audit: Audit) -> str:
    """Return an audit as an indented JSON object, with a line end."""
    return json.dumps(audit_record(audit), indent=1, ensure_ascii=False) + "\n"


def audit_record(audit: Audit) -> Row:
    """Return an audit as a JSON object; its keys are listed at the head of this module."""
    market = audit.market
    return {
        "document": {name: _or_null(getattr(audit.document, name)) for name in _DOCUMENT},
        "on": audit.on.isoformat(),
        "dated_by": audit.dated_by,
        "as_of": f"{market.as_of:%Y-%m-%dT%H:%M:%SZ}" if market else None,
        "snapshot": market.stamp if market else None,
        "exit_code": audit.exit_code,
        "counts": {
            "figures": counts_of(v.kind for v in audit.figures),
            "sums": counts_of(v.kind for v in audit.sums),
            "statements": counts_of(v.kind for v in audit.statements),
        },
        "figures": [_figure(v) for v in audit.figures],
        "sums": [_sum(v) for v in audit.sums],
        "statements": [_statement(v) for v in audit.statements],
        "unread": [record(u) for u in audit.unread],
        "plain_lines": list(audit.plain_lines),
        "notices": list(audit.notices),
    }


def counts_of(kinds: Iterable[VerdictKind]) -> dict[str, int]:
    """Return how many of each verdict there are, in the order of the verdicts; those that do not occur are left out."""
    found = Counter(kinds)
    return {kind.value: found[kind] for kind in VerdictKind if found[kind]}


def _place(place: Place) -> Row:
    return {"line": place.line, "locator": place.locator}


def _figure(verdict: FigureVerdict) -> Row:
    figure = verdict.figure
    return {
        **_place(figure.place),
        "quote": figure.place.quote,
        "printed": figure.text,
        **{name: _or_null(getattr(figure, name)) for name in _FIGURE},
        "subject": verdict.subject,
        "verdict": verdict.kind.value,
        "manner": verdict.manner.value,
        "reason": verdict.reason,
        "remarks": list(verdict.remarks),
        **{name: [record(offer) for offer in getattr(verdict, name)] for name in ("right", "instead", "nearest")},
        "entries": [record(entry) for entry in verdict.entries],
        "claims": [_claim(claim) for claim in verdict.claims],
    }


def _sum(verdict: SumVerdict) -> Row:
    return {
        **_place(verdict.place),
        "text": verdict.text,
        "printed": verdict.printed,
        "verdict": verdict.kind.value,
        "formula": _or_null(verdict.formula),
        "recomputed": _or_null(verdict.recomputed),
        "reason": verdict.reason,
    }


def _statement(verdict: StatementVerdict) -> Row:
    return {
        **_place(verdict.place),
        "text": verdict.text,
        "verdict": verdict.kind.value,
        "manner": verdict.manner.value,
        "reason": verdict.reason,
        "claims": [_claim(claim) for claim in verdict.claims],
        "offers": [record(offer) for offer in verdict.offers],
        "entries": [record(entry) for entry in verdict.entries],
    }


def _claim(found: ClaimAtDate) -> Row:
    claim = found.claim
    return {
        "id": claim.id,
        "statement": claim.statement,
        "status": str(found.status),
        "dated": found.dated,
        "remark": _or_null(claim.remark),
        "evidence_url": claim.evidence_url,
    }


def _or_null(value: object) -> object:
    return None if value == "" else value
