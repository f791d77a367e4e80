"""The sources that need an account, against moto's server: an AWS endpoint on this machine.

moto (5.2.5) answers DescribeInstanceTypes with AWS's own data, DescribeSpotPriceHistory with one artificial price, and
does not know GetProducts: for that a server here answers as AWS's documentation says.
"""

import builtins
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ParamValidationError
from moto.server import ThreadedMotoServer

from normalize.facts import default_facts_folder, load_facts
from normalize.instance_check import check_instances
from scrapers import registry
from scrapers.aws import account, instance_hardware, products_api, spot_history
from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.places.locate import OpenBody
from scrapers.records import Document, Listing, Response, Source
from scrapers.wire.web import Web

SOURCES = [instance_hardware, products_api, spot_history]
DAY = datetime(2026, 11, 1, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have credentials that no real AWS knows, no files of this machine, and no way out of it."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ENDPOINT_URL": NOWHERE,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(account, "_ATTEMPTS", 1)


@pytest.fixture(scope="module")
def moto_address() -> Iterator[str]:
    """Run moto's server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def moto(moto_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let boto3 ask moto's server."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_address)
    return moto_address


@pytest.fixture
def web() -> Iterator[Web]:
    """A way out that is not used: boto3 has its own."""
    with Web() as web:
        yield web


def parse(source: Source, response: Response) -> list[Listing]:
    """Parse a response and check that every locator leads to its quote."""
    document = Document.of(response, source=source.id)
    listings = registry.parse(document)
    body = OpenBody(document)
    assert all(body.read(listing.locator) == listing.quote for listing in listings)
    return listings


def test_instance_types_of_two_regions(moto: str, web: Web) -> None:
    """Every region gives its GPU types with the GPU as printed, and no price; both addresses are kept."""
    responses = list(instance_hardware.fetch(web, ["us-east-1", "eu-west-1", "us-east-1"]))
    listings = {listing.sku: listing for listing in parse(instance_hardware.SOURCE, responses[0])}

    assert [(r.resource, r.url, r.served_from) for r in responses] == [
        (f"{region}.json", f"https://ec2.{region}.amazonaws.com/?Action=DescribeInstanceTypes", moto)
        for region in ("us-east-1", "eu-west-1")
    ]
    assert len(listings) == 65
    assert not any(listing.price_text for listing in listings.values())
    part = listings["g6f.large"]
    assert (part.gpu_name, part.gpu_count, part.gpu_memory) == ("NVIDIA L4", "0.125", "2861 MiB")


def test_facts_agree_with_instance_types(moto: str, web: Web) -> None:
    """Model, count and memory of every GPU type that moto knows are those of the hand-kept facts."""
    assert moto
    [response] = instance_hardware.fetch(web, ["us-east-1"])

    assert check_instances(parse(instance_hardware.SOURCE, response), load_facts(default_facts_folder())) == ()


def test_spot_history_has_a_price_per_type_and_zone(moto: str, web: Web) -> None:
    """Every zone is a listing of its region, the zone as its machine id; only GPU types are asked for."""
    assert moto
    [response] = spot_history.fetch(web, ["us-east-1"])
    listings = [o for o in parse(spot_history.SOURCE, response) if o.sku == "g5.xlarge"]

    assert {listing.region for listing in listings} == {"us-east-1"}
    assert len({listing.sku_id for listing in listings}) == len(listings) > 1
    assert {listing.price_text for listing in listings} == {"0.00001"}


@pytest.mark.parametrize("module", SOURCES)
def test_without_credentials_the_source_says_so(module: Any, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that is not worth another try, before anything is asked."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(SourceError, match="needs an AWS account, and no credentials were found") as info:
        list(module.fetch(web, ["us-east-1"]))
    assert not isinstance(info.value, FetchError)


@pytest.mark.parametrize("module", SOURCES)
def test_without_boto3_the_source_says_so(module: Any, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that is missing is named, with the command that installs it."""
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "boto3":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SourceError, match=r"needs boto3.*the extra aws: pip install -e '\.\[aws\]'") as info:
        list(module.fetch(web, ["us-east-1"]))
    assert not isinstance(info.value, FetchError)


@pytest.mark.parametrize("module", SOURCES)
def test_no_region_is_a_mistake_of_the_caller(module: Any, web: Web) -> None:
    """Without a region there is nothing to ask, and that is said."""
    with pytest.raises(UsageError, match="no region is asked for"):
        list(module.fetch(web, []))


@pytest.mark.parametrize("name", ["AWS_PROFILE", "AWS_ENDPOINT_URL"])
def test_setting_that_cannot_be_used_is_said(name: str, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile that is not there, or an endpoint that is no address, ends in a sentence, not in a trace."""
    monkeypatch.setenv(name, "example")

    with pytest.raises(SourceError, match=r"settings cannot be used: .*example"):
        list(products_api.fetch(web, ["us-east-1"]))


def test_silent_endpoint_is_worth_another_try(web: Web) -> None:
    """Where nobody answers, another try may."""
    with pytest.raises(FetchError, match="1 of 1 regions failed: us-east-1: no answer"):
        list(products_api.fetch(web, ["us-east-1"]))


@pytest.mark.parametrize(
    ("region", "endpoint", "served_from"),
    [
        ("us-east-1", "https://ec2.us-east-1.amazonaws.com", None),
        ("cn-north-1", "https://ec2.cn-north-1.amazonaws.com.cn", None),
        ("us-east-1", "https://mirror.example", "https://mirror.example"),
    ],
)
def test_public_address_is_kept_beside_the_one_that_answered(
    region: str, endpoint: str, served_from: str | None
) -> None:
    """A receipt names AWS's own address, and the other only where another one answered."""
    client = SimpleNamespace(meta=SimpleNamespace(endpoint_url=endpoint))
    question = account.Question("ec2", "", "https://ec2.{region}.{suffix}/", lambda _client, _region: {"a": DAY})
    response = account._answer(spot_history.SOURCE, question, client, region)

    assert (response.url.startswith(endpoint), response.served_from) == (served_from is None, served_from)
    assert json.loads(response.body.read()) == {"a": "2026-11-01T00:00:00+00:00"}


def test_question_that_cannot_be_put_is_said(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What boto3 refuses to send ends in a sentence, and is not worth another try."""

    def refuse(_client: Any, _region: str) -> object:
        raise ParamValidationError(report="an example")

    monkeypatch.setattr(spot_history, "_ask", refuse)
    with pytest.raises(SourceError, match=r"us-east-1: the question could not be put: .*an example") as info:
        list(spot_history.fetch(web, ["us-east-1"]))
    assert not isinstance(info.value, FetchError)


def test_answer_that_json_cannot_hold_is_a_mistake_of_ours() -> None:
    """Only times are made into texts."""
    with pytest.raises(TypeError, match="looked for what JSON holds"):
        account._as_text(object())


def test_sources_with_an_account_are_not_read_unasked() -> None:
    """A scrape without names reads what anybody can read."""
    unasked = set(registry.source_ids()) - set(registry.default_source_ids())

    assert {source for source in unasked if source.startswith("aws-")} == {module.SOURCE.id for module in SOURCES}


def product(sku: str, instance_type: str, *prices: str, **attributes: str) -> dict[str, Any]:
    """Write a product as GetProducts does; without prices it has no on-demand term."""
    dimensions = {
        f"{sku}.TERM.{n}": {"unit": "Hrs", "pricePerUnit": {"USD": price}, "appliesTo": []}
        for n, price in enumerate(prices)
    }
    terms = {"OnDemand": {f"{sku}.TERM": {"sku": sku, "priceDimensions": dimensions, "termAttributes": {}}}}
    return {
        "product": {
            "productFamily": "Compute Instance",
            "sku": sku,
            "attributes": {
                "instanceType": instance_type,
                "regionCode": "us-east-1",
                "instanceFamily": "GPU instance",
                "tenancy": "Shared",
                "operatingSystem": "Linux",
                "licenseModel": "No License required",
                "preInstalledSw": "NA",
                "capacitystatus": "Used",
                "marketoption": "OnDemand",
                "gpu": "1",
                "gpuMemory": "NA",
            }
            | attributes,
        },
        "serviceCode": "AmazonEC2",
        "terms": terms if prices else {"Reserved": {}},
        "version": "20261101000000",
    }


class PricingApi:
    """What answers GetProducts: pages of products by region, or an error."""

    def __init__(self) -> None:
        self.pages: dict[str, list[list[dict[str, Any]]]] = {}
        self.errors: dict[str, tuple[int, str]] = {}
        self.asked: list[dict[str, Any]] = []

    def answer(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and body of an answer."""
        self.asked.append(request)
        [region] = [f["Value"] for f in request["Filters"] if f["Field"] == "regionCode"]
        if region in self.errors:
            status, code = self.errors[region]
            return status, {"__type": code, "message": "An example.\nSecond line."}
        number = int(request.get("NextToken", "0"))
        pages = self.pages[region]
        more = {"NextToken": str(number + 1)} if number + 1 < len(pages) else {}
        return 200, {"FormatVersion": "aws_v1", "PriceList": [json.dumps(p) for p in pages[number]], **more}


@pytest.fixture
def pricing(monkeypatch: pytest.MonkeyPatch) -> Iterator[PricingApi]:
    """Let boto3 ask a pricing API on this machine."""
    api = PricingApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, body = api.answer(request)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.send_header("content-type", "application/x-amz-json-1.1")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield api
        server.shutdown()
        thread.join()


def test_products_of_all_pages_are_one_body(pricing: PricingApi, web: Web) -> None:
    """The texts of the price list are stored as they came, in one array per region."""
    products = [product("EXAMPLE1", "g99.xlarge", "1001.5000000000"), product("EXAMPLE2", "p99.48xlarge")]
    pricing.pages["us-east-1"] = [[products[0]], [products[1]]]
    [response] = products_api.fetch(web, ["us-east-1"])
    listings = parse(products_api.SOURCE, response)

    assert response.body.read() == f"[{json.dumps(products[0])},{json.dumps(products[1])}]".encode()
    assert response.url.endswith("amazonaws.com/?Action=GetProducts&ServiceCode=AmazonEC2&regionCode=us-east-1")
    assert [(o.sku, o.price_text, o.absence, o.sku_id) for o in listings] == [
        ("g99.xlarge", "1001.5000000000", "", "EXAMPLE1"),
        ("p99.48xlarge", None, "GetProducts has no on-demand price of it", "EXAMPLE2"),
    ]
    assert {f["Field"]: f["Value"] for f in pricing.asked[0]["Filters"]} == {
        "regionCode": "us-east-1",
        "instanceFamily": "GPU instance",
        "tenancy": "Shared",
        "operatingSystem": "Linux",
        "licenseModel": "No License required",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
    }


def test_region_that_is_refused_does_not_lose_the_others(pricing: PricingApi, web: Web) -> None:
    """A missing permission is named with its code, after the regions that answered; another try would not help."""
    pricing.pages["eu-west-1"] = [[product("EXAMPLE1", "g99.xlarge", "1001.5")]]
    pricing.errors["us-east-1"] = (400, "AccessDeniedException")
    responses = products_api.fetch(web, ["us-east-1", "eu-west-1"])

    assert next(responses).resource == "eu-west-1.json"
    with pytest.raises(SourceError, match=r"us-east-1: AWS refuses: AccessDeniedException: An example\.$") as info:
        next(responses)
    assert not isinstance(info.value, FetchError)


def test_region_that_is_not_enabled_is_asked_about(pricing: PricingApi, web: Web) -> None:
    """AWS calls good credentials wrong in such a region; the message says what else it may be."""
    pricing.errors["me-south-1"] = (401, "AuthFailure")

    with pytest.raises(SourceError, match=r"AuthFailure: An example\.; is the region enabled for the account\?"):
        list(products_api.fetch(web, ["me-south-1"]))


@pytest.mark.parametrize("error", [(400, "ThrottlingException"), (500, "InternalErrorException")])
def test_answer_that_passes_is_worth_another_try(error: tuple[int, str], pricing: PricingApi, web: Web) -> None:
    """AWS that is busy or broken now is asked again."""
    pricing.errors["us-east-1"] = error

    with pytest.raises(FetchError, match=error[1]):
        list(products_api.fetch(web, ["us-east-1"]))


def test_throttled_request_is_repeated(pricing: PricingApi, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Botocore tries again before the source gives up."""
    monkeypatch.setattr(account, "_ATTEMPTS", 2)
    pricing.errors["us-east-1"] = (400, "ThrottlingException")

    with pytest.raises(FetchError):
        list(products_api.fetch(web, ["us-east-1"]))
    assert len(pricing.asked) == 2


@pytest.mark.parametrize(
    ("products", "message"),
    [
        ([], "looked for at least 1 product"),
        ([{}], "looked for 'product'"),
        ([product("A", "g99.xlarge", "1"), product("B", "g99.xlarge", "2")], "found SKU A at 1 and SKU B at 2"),
        ([product("A", "g99.xlarge", "1", "2")], "looked for one price of the term, found 2"),
        ([product("A", "g99.xlarge", "NaN")], "looked for a price, found 'NaN'"),
        ([product("A", "g99.xlarge", "1", regionCode="Any")], "looked for a region code"),
        ([product("A", "g99.xlarge", "1", tenancy="Dedicated")], "looked for prices, found none"),
        ([product("A", "m99.xlarge", "1")], "looked for prices, found none"),
    ],
)
def test_products_of_another_structure_are_refused(
    products: list[dict[str, Any]], message: str, document_of: Callable[[str, str], Document]
) -> None:
    """What is not GetProducts' answer, or holds two prices of one type, is refused."""
    with pytest.raises(ParseError, match=message):
        registry.parse(document_of("aws-ec2-api", json.dumps(products)))


def spot(
    zone: str = "us-east-1a", price: str = "0.100100", at: str = "2026-11-01T00:00:00+00:00", **changes: Any
) -> Any:
    """Write an entry of the spot price history."""
    return {
        "AvailabilityZone": zone,
        "InstanceType": "g99.xlarge",
        "ProductDescription": "Linux/UNIX",
        "SpotPrice": price,
        "Timestamp": at,
    } | changes


def test_latest_price_of_a_zone_is_taken(document_of: Callable[[str, str], Document]) -> None:
    """Of several times the newest counts, wherever it stands; other systems and types do not."""
    entries = [
        spot(price="9", at="2026-10-01T00:00:00+00:00"),
        spot(),
        spot(price="0.1001"),
        spot(price="9", at="2026-09-01T00:00:00+00:00"),
        spot(price="9", ProductDescription="Windows"),
        spot(price="9", InstanceType="m99.xlarge"),
        spot("us-west-2-lax-1a"),
        spot("us-east-1-wl1-chi-wlz-1"),
        spot("cn-north-1b"),
    ]
    listings = registry.parse(document_of("aws-spot-history", json.dumps({"SpotPriceHistory": entries})))

    assert [(o.sku_id, o.region, o.price_text, o.currency) for o in listings] == [
        ("us-east-1a", "us-east-1", "0.100100", "USD"),
        ("us-west-2-lax-1a", "us-west-2-lax-1", "0.100100", "USD"),
        ("us-east-1-wl1-chi-wlz-1", "us-east-1-wl1-chi-wlz-1", "0.100100", "USD"),
        ("cn-north-1b", "cn-north-1", "0.100100", "CNY"),
    ]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([spot(), spot(price="2")], r"looked for one price of g99.xlarge in us-east-1a .*, found 0.100100 \(entry 0\)"),
        ([spot(at="Example")], "looked for a time, found 'Example'"),
        ([spot(Timestamp=1)], "looked for a time, found 1"),
        ([spot("")], "looked for a region code such as us-east-1, found ''"),
        ([spot(price="-1")], "looked for a price, found '-1'"),
        ([{"InstanceType": "g99.xlarge"}], "looked for 'ProductDescription'"),
    ],
)
def test_history_of_another_structure_is_refused(
    entries: list[Any], message: str, document_of: Callable[[str, str], Document]
) -> None:
    """What is not the history, or holds two prices of one time, is refused."""
    with pytest.raises(ParseError, match=message):
        registry.parse(document_of("aws-spot-history", json.dumps({"SpotPriceHistory": entries})))


def described(gpus: list[dict[str, Any]] | None) -> str:
    """Write an answer of DescribeInstanceTypes with one type."""
    info = {} if gpus is None else {"GpuInfo": {"Gpus": gpus, "TotalGpuMemoryInMiB": 1024}}
    return json.dumps({"InstanceTypes": [{"InstanceType": "g99.xlarge", **info}, {"InstanceType": "m99.xlarge"}]})


def test_type_without_gpu_says_so(document_of: Callable[[str, str], Document]) -> None:
    """A type of a GPU family that is described without a GPU is listed, and its absence told."""
    [listing] = registry.parse(document_of("aws-instance-types", described(None)))

    assert listing.gpu_name is None
    assert "no GPU of g99.xlarge" in listing.absence


GPU = {"Name": "Example", "Manufacturer": "Examplemaker", "LogicalGpuCount": 2, "GpuPartitionSize": 1.0}


def test_count_of_older_answers_is_taken(document_of: Callable[[str, str], Document]) -> None:
    """Answers from before partitions existed have a count alone."""
    gpu = {"Name": "Example", "Manufacturer": "Examplemaker", "Count": 4}
    [listing] = registry.parse(document_of("aws-instance-types", described([gpu])))

    assert (listing.gpu_name, listing.gpu_count, listing.gpu_memory) == ("Examplemaker Example", "4", "1024 MiB")


@pytest.mark.parametrize(
    ("gpus", "message"),
    [
        ([], "looked for one kind of GPU, found 0"),
        ([GPU, GPU], "looked for one kind of GPU, found 2"),
        ([GPU | {"LogicalGpuCount": "2"}], "looked for a number of GPUs, found '2'"),
        ([GPU | {"GpuPartitionSize": None}], "looked for a number of GPUs"),
    ],
)
def test_gpus_of_another_structure_are_refused(
    gpus: list[dict[str, Any]], message: str, document_of: Callable[[str, str], Document]
) -> None:
    """What is not one kind of GPU with a number is refused."""
    with pytest.raises(ParseError, match=message):
        registry.parse(document_of("aws-instance-types", described(gpus)))
