"""Which addresses may be fetched: http and https, and never a machine inside a private network.

A publisher's page, or an article's, may redirect anywhere. Whoever fetches what it names must
not be led to read a router's page, a cloud machine's credentials or a service at home.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from baserate.errors import AddressRefused

LONGEST = 2_000  # characters; browsers and servers agree on little beyond that
SHOWN = 120  # characters of an address in a message
PORTS = {"http": 80, "https": 443}
TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address as seen from an IPv6 network, RFC 6052
UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"^`{|}]")  # never bare in an address, RFC 3986
HOST = re.compile(r"[0-9a-z_.-]+|[0-9a-f:.]*:[0-9a-f:.]*")  # a name in ASCII, or an IPv6 address

Allow = Callable[[str], bool]  # whether an IP address may be connected to


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address taken apart. `target` is what the server is asked for."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def tls(self) -> bool:
        """Whether it is encrypted."""
        return self.scheme == "https"

    @property
    def server(self) -> str:
        """Host, and port if it is not the usual one."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        return named if self.port == PORTS[self.scheme] else f"{named}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address, in ASCII."""
        return f"{self.scheme}://{self.server}{self.target}"

    @property
    def shown(self) -> str:
        """For messages: whole if it is short."""
        return _shown(self.url)


def address(url: str) -> Address:
    """An address that may be asked, if its host turns out to be public.

    >>> address("https://example.org/table 8.xls?year=2015#notes").target
    '/table%208.xls?year=2015'
    """
    fit = UNFIT.sub(lambda found: quote(found[0]), urldefrag(url.strip(" ")).url)
    if len(fit) > LONGEST or any(c < " " for c in url):
        raise AddressRefused(
            f"the address {_shown(url)!r} is longer than {LONGEST} characters or holds control "
            "characters; copy it again from the browser"
        )
    try:
        parts = urlsplit(fit)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or PORTS.get(parts.scheme, 0)
        secret = parts.username is not None or parts.password is not None
    except ValueError as error:
        raise AddressRefused(
            f"{_shown(url)!r} is no web address ({error}); write it as https://host/path"
        ) from None
    if parts.scheme not in PORTS:
        raise AddressRefused(
            f"{_shown(url)!r} is not fetched: an address begins with https:// or http://. "
            "A file on this machine is added with `baserate add FILE`"
        )
    if secret or not HOST.fullmatch(host):
        why = "holds a user name or password" if secret else f"names no server ({host[:60]!r})"
        raise AddressRefused(f"{_shown(url)!r} {why}; write it as {parts.scheme}://host/path")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~[]")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~[]?") if parts.query else ""
    return Address(scheme=parts.scheme, host=host, port=port, target=path + query)


def next_hop(here: Address, location: str) -> Address:
    """Where a redirect leads. Never from https to http: what comes then may be anybody's."""
    try:
        there = address(urljoin(here.url, location))
    except ValueError as error:
        raise AddressRefused(
            f"{here.shown} redirects to {_shown(location)!r}, which is no address ({error}); open "
            "the page in a browser"
        ) from None
    except AddressRefused as error:
        raise AddressRefused(f"{here.shown} redirects elsewhere: {error}") from None
    if here.scheme == "https" and there.scheme == "http":
        raise AddressRefused(
            f"{here.shown} redirects to {there.shown}, which is not encrypted, so the file could "
            "be changed on the way. If you trust it, fetch that address itself"
        )
    return there


def public_only(ip: str) -> bool:
    """Whether an IP address is on the public internet, whatever it is wrapped in.

    >>> public_only("8.8.8.8"), public_only("::ffff:127.0.0.1"), public_only("169.254.169.254")
    (True, False, False)
    """
    found = ip_address(ip.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.sixtofour or found.teredo:  # tunnels that no publisher's server stands behind
            return False
        found = _wrapped(found)
    return found.is_global and not (
        found.is_multicast
        or found.is_reserved
        or found.is_private
        or found.is_loopback
        or found.is_link_local
        or found.is_unspecified
    )


def _wrapped(found: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, or itself."""
    if found in TRANSLATED:
        return IPv4Address(int(found) & 0xFFFF_FFFF)
    return found.ipv4_mapped or found


def _shown(url: str) -> str:
    return url if len(url) <= SHOWN else url[: SHOWN - 1] + "…"
