"""AWS's API with an account: clients of boto3 (the extra ``aws``), regions in parallel, errors as ours.

Credentials are boto3's own business: environment, shared files, a role. What an account needs to be allowed is in
``docs/aws-credentials.md``. ``AWS_ENDPOINT_URL`` sends the requests elsewhere; the response keeps both addresses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scrapers.errors import FetchError, SourceError, UsageError
from scrapers.places.locate import fold
from scrapers.records import Content, Response, Source

GPU_TYPES = ["g*.*", "p*.*"]
"""Instance types that may have GPUs, as a filter of EC2's API; what comes is looked at again by name."""
_AT_ONCE = 4
_ATTEMPTS = 8
_SERVER_ERROR = 500
_NOT_KNOWN_THERE = frozenset({"AuthFailure", "OptInRequired", "UnrecognizedClientException"})
"""How AWS refuses wrong credentials, and good ones in a region that is not enabled for the account."""
_LATER = frozenset(
    {
        *("RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown", "Throttling"),
        *("ThrottledException", "ThrottlingException", "TooManyRequestsException", "InternalErrorException"),
    }
)
"""Codes of errors that pass, https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html; botocore
has tried again before they come here."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request of a region, or a few that belong together.

    Attributes:
        service: boto3's name of the API: ``ec2``, ``pricing``.
        home: region of the API's endpoint where it is not the region that is asked about; else "".
        url: the public address, with ``{region}`` where the region stands.
        ask: puts the question to a client and returns the answer as JSON's objects.
    """

    service: str
    home: str
    url: str
    ask: Callable[[Any, str], object]


def ask_regions(source: Source, question: Question, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the answer of every region as JSON, ``<region>.json``; one that fails does not stop the others.

    Args:
        source: on whose behalf.
        question: what is asked.
        regions: region codes.

    Raises:
        UsageError: no region is wanted.
        SourceError: there is no boto3, or no account; or, after all others have been yielded, regions that failed. It
            is a `FetchError` when every failure was one.
    """
    wanted = list(dict.fromkeys(regions))
    if not wanted:
        raise UsageError(f"{source.id}: no region is asked for; name at least one, such as us-east-1")
    clients = _clients(source, question, wanted)  # here, since making clients is not safe in threads; using them is
    failures: dict[str, SourceError] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = {region: pool.submit(_answer, source, question, clients[region], region) for region in wanted}
        for region, answer in answers.items():
            try:
                yield answer.result()
            except SourceError as exc:
                failures[region] = exc
    if failures:
        kind = FetchError if all(isinstance(exc, FetchError) for exc in failures.values()) else SourceError
        details = "; ".join(f"{region}: {exc.problem}" for region, exc in failures.items())
        raise kind(source.id, f"{len(failures)} of {len(wanted)} regions failed: {details}")


def _clients(source: Source, question: Question, regions: Sequence[str]) -> dict[str, Any]:
    """Return a client per region.

    Raises:
        SourceError: there is no boto3, or it finds no credentials.
    """
    try:
        import boto3  # noqa: PLC0415  # an extra: everything else works without it
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError as exc:
        problem = "needs boto3, which is not installed; install the extra aws: pip install -e '.[aws]'"
        raise SourceError(source.id, problem) from exc
    config = Config(retries={"mode": "adaptive", "total_max_attempts": _ATTEMPTS}, connect_timeout=20, read_timeout=60)
    try:
        session = boto3.session.Session()
        if session.get_credentials() is None:
            raise SourceError(
                source.id, "needs an AWS account, and no credentials were found; see docs/aws-credentials.md"
            )
        return {
            region: session.client(question.service, region_name=question.home or region, config=config)
            for region in regions
        }
    except (BotoCoreError, ValueError) as exc:  # an endpoint that is no address is a ValueError
        raise SourceError(source.id, f"the AWS credentials or settings cannot be used: {fold(str(exc))}") from exc


def _answer(source: Source, question: Question, client: Any, region: str) -> Response:  # noqa: ANN401  # boto3 has no types
    import botocore.exceptions as failure  # noqa: PLC0415  # see above

    try:
        answer = question.ask(client, region)
    except failure.ClientError as exc:
        raise _refusal(source, exc.response, region) from exc
    except (failure.ConnectionError, failure.HTTPClientError) as exc:
        raise FetchError(source.id, f"no answer: {exc}", where=region) from exc
    except failure.BotoCoreError as exc:
        raise SourceError(source.id, f"the question could not be put: {fold(str(exc))}", where=region) from exc
    body = answer if isinstance(answer, bytes) else json.dumps(answer, default=_as_text, indent=1).encode()
    url = question.url.format(region=region, suffix="amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com")
    endpoint = client.meta.endpoint_url
    return Response(
        resource=f"{region}.json",
        url=url,
        answered_url=url,
        retrieved_at=datetime.now(UTC),
        status=200,
        media_type="application/json",
        body=Content.of(body),
        served_from=None if url.startswith(endpoint) else endpoint,
    )


def _refusal(source: Source, response: Any, region: str) -> SourceError:  # noqa: ANN401  # boto3 has no types
    """Return the error of an answer that is one: worth another try where AWS is busy or broken."""
    error, status = response.get("Error", {}), response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code, lines = error.get("Code", "unknown error"), str(error.get("Message", "")).splitlines()
    kind = FetchError if code in _LATER or status >= _SERVER_ERROR else SourceError
    hint = "; is the region enabled for the account?" if code in _NOT_KNOWN_THERE else ""
    return kind(source.id, f"AWS refuses: {code}: {(lines or [''])[0][:200]}{hint}", where=region)


def _as_text(value: object) -> str:
    """Return a time as text; boto3 makes a `datetime` of every time."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"looked for what JSON holds, found {value!r}")
