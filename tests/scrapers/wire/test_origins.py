"""Public origins and their mirrors, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.wire.origins import Origins, origin_of

ORIGINS = Origins(
    {
        "https://www.runpod.io/": "http://127.0.0.1:9001/runpod/",
        "https://pricing.us-east-1.amazonaws.com": "http://127.0.0.1:9001",
        "https://api.runpod.io": "http://127.0.0.1:900",
    }
)


@pytest.mark.parametrize(
    ("url", "mirror"),
    [
        ("https://www.runpod.io/pricing?a=1", "http://127.0.0.1:9001/runpod/pricing?a=1"),
        ("https://www.runpod.io", "http://127.0.0.1:9001/runpod"),
        ("https://pricing.us-east-1.amazonaws.com/offers", "http://127.0.0.1:9001/offers"),
        ("https://docs.runpod.io/pricing", None),
        ("http://www.runpod.io/pricing", None),
        ("https://www.runpod.io:8443/pricing", None),
        ("https://www.runpod.io.evil.example/pricing", None),
    ],
)
def test_mirror_of_a_public_url(url: str, mirror: str | None) -> None:
    """Exactly the origins that are named have a mirror; path and query are kept."""
    assert ORIGINS.mirror_of(url) == mirror


@pytest.mark.parametrize(
    ("url", "asked", "public"),
    [
        ("http://127.0.0.1:9001/runpod/gpu", "https://www.runpod.io/pricing", "https://www.runpod.io/gpu"),
        (
            "http://127.0.0.1:9001/offers",
            "https://www.runpod.io/pricing",
            "https://pricing.us-east-1.amazonaws.com/offers",
        ),
        (
            "http://127.0.0.1:9001?x",
            "https://pricing.us-east-1.amazonaws.com/",
            "https://pricing.us-east-1.amazonaws.com?x",
        ),
        ("http://127.0.0.1:9002/x", "https://www.runpod.io/", "http://127.0.0.1:9002/x"),
        ("http://127.0.0.1:900/x", "https://www.runpod.io/", "https://api.runpod.io/x"),
        ("https://www.runpod.io/x", "https://www.runpod.io/", "https://www.runpod.io/x"),
    ],
)
def test_public_url_of_a_mirror(url: str, asked: str, public: str) -> None:
    """A mirror's address is told back as the public one, of the origin that was asked where two share a mirror."""
    assert ORIGINS.public_of(url, asked=asked) == public


@given(path=st.text(alphabet="abc/?&=#%20", max_size=12))
def test_way_there_and_back(path: str) -> None:
    """A public URL that is sent to its mirror and told back is the same URL."""
    for origin in ("https://www.runpod.io", "https://pricing.us-east-1.amazonaws.com", "https://api.runpod.io"):
        url = f"{origin}/{path}"
        mirror = ORIGINS.mirror_of(url)
        assert mirror is not None
        assert ORIGINS.public_of(mirror, asked=url) == url


def test_origin_is_scheme_host_and_port() -> None:
    """Path, query and fragment do not belong to an origin."""
    assert origin_of("https://a.example:8443/b?c#d") == "https://a.example:8443"
