"""What the address of an API says: its host, how it may be shown, who can read along."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from chatkit_tui.text.plain import own


def host_of(base_url: str) -> str:
    """The host, with the port where it is not the usual one; never a user name."""
    address = _split(base_url)
    if address is None:
        return ""
    host = address.hostname or ""
    usual = {"https": 443, "http": 80}.get(address.scheme)
    return f"{host}:{address.port}" if address.port and address.port != usual else host


def showable(base_url: str) -> str:
    """An address without its user, query and fragment, in which a key or a password may stand."""
    before, at, rest = base_url.rpartition("@")
    scheme, slashes, _ = before.partition("//")
    shown = f"{scheme}{slashes}{own('…')}@{rest}" if at else base_url
    return re.sub(r"([?#]).*", rf"\1{own('…')}", shown, flags=re.DOTALL)


def is_exposed(base_url: str) -> bool:
    """Whether what is sent there leaves this machine unencrypted.

    False for what is no address: nothing can be sent there.
    """
    address = _split(base_url)
    if address is None or address.scheme != "http" or not address.hostname:
        return False
    return not _is_loopback(address.hostname)


def is_local(base_url: str) -> bool:
    """Whether an address leads to this machine; False for what is none."""
    address = _split(base_url)
    return address is not None and bool(address.hostname) and _is_loopback(address.hostname or "")


def _is_loopback(host: str) -> bool:
    if host.rstrip(".") == "localhost":
        return True
    try:
        number = ip_address(host)
    except ValueError:
        return False  # a name, which may begin with 127 as any other
    mapped = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    return (mapped or number).is_loopback


def _split(base_url: str) -> SplitResult | None:
    try:
        address = urlsplit(base_url.strip())
        _ = address.port  # raises, too
    except ValueError:
        return None
    return address
