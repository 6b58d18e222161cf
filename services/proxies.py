"""Where a request comes from: an address, or "unknown". Refuses to believe anybody but the proxies of the settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

UNKNOWN: Final = "unknown"  # where there is no address; "console" is what commands alone write into the trail
MOST_HOPS: Final = 16  # proxies one behind the other

_Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The networks of proxies whose `X-Forwarded-For` is believed."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @staticmethod
    def parse(text: str) -> TrustedProxies:
        """From addresses and networks with commas between. Raises ValueError."""
        return TrustedProxies(tuple(ip_network(part.strip()) for part in text.split(",") if part.strip()))

    def trusts(self, host: str) -> bool:
        """Whether this host is the address of a trusted proxy."""
        address = _address(host)
        return address is not None and any(address in network for network in self.networks)

    def origin(self, host: str, forwarded: Iterable[str]) -> str:
        """The address that a request comes from: the last one that a trusted proxy saw and that is none itself.

        `host` is who is connected, `forwarded` every `X-Forwarded-For` in order. What is no address ends the chain:
        then the request comes from the proxy that passed it on.
        """
        hops = ",".join(forwarded).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
        origin = host
        while hops and self.trusts(origin) and _address(hops[-1]) is not None:
            origin = hops.pop()
        address = _address(origin)
        return UNKNOWN if address is None else str(address)


def _address(text: str) -> _Address | None:
    """The address that a text is, IPv4 in IPv6 taken out; None if it is anything else, a zone of an interface too."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return None if address.scope_id else address.ipv4_mapped or address
    return address
