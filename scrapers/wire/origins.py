"""Public origins and their mirrors: `RATECARD_ORIGINS` sends the requests for one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Origins:
    """The mirrors: a public origin to the address, possibly with a path, that answers in its place."""

    def __init__(self, mirrors: Mapping[str, str]) -> None:
        """Take the map as it stands in the settings; a slash at an end has no meaning."""
        self._mirrors = {public.rstrip("/"): mirror.rstrip("/") for public, mirror in mirrors.items()}

    def mirror_of(self, url: str) -> str | None:
        """Return the address that answers for a public URL, or None when the origin itself does."""
        origin = origin_of(url)
        mirror = self._mirrors.get(origin)
        return None if mirror is None else mirror + url.removeprefix(origin)

    def public_of(self, url: str, *, asked: str) -> str:
        """Return the public URL that a URL stands for.

        Args:
            url: an address, of a mirror or public.
            asked: the public URL whose request led there; one mirror may stand for several origins, and this
                tells which one is meant.
        """
        first = origin_of(asked)
        for public in sorted(self._mirrors, key=lambda origin: origin != first):
            mirror = self._mirrors[public]
            rest = url.removeprefix(mirror)
            if rest != url and rest[:1] in ("", "/", "?", "#"):
                return public + rest
        return url
