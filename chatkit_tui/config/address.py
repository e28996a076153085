"""The addresses of sources: their parts, and what of them can be shown."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from chatkit_tui.sources.http.proxies import LOOPBACK_TOO, is_loopback, without_user
from chatkit_tui.text.plain import ui_text


def host_of(base_url: str) -> str:
    """Return the host, with a non-default port; never a user name."""
    address = _split(base_url)
    if address is None:
        return ""
    host = address.hostname or ""
    default = {"https": 443, "http": 80}.get(address.scheme)
    return f"{host}:{address.port}" if address.port and address.port != default else host


def showable(base_url: str) -> str:
    """Return an address without user, query and fragment, which may contain secrets."""
    return re.sub(r"([?#]).*", rf"\1{ui_text('…')}", without_user(base_url), flags=re.DOTALL)


def is_local(base_url: str) -> bool:
    """Return whether an address is on this machine; False if it is invalid."""
    address = _split(base_url)
    return address is not None and bool(address.hostname) and is_loopback(address.hostname or "")


def _split(base_url: str) -> SplitResult | None:
    try:
        address = urlsplit(base_url.strip())
        _ = address.port  # raises, too
    except ValueError:
        return None
    return address


def unencrypted(address: str) -> str:
    risk = "others on the network can read the key and the conversations"
    if is_local(address):
        return (
            f"http://{host_of(address)} is reached through a proxy without encryption: {risk}. "
            f"Remove {LOOPBACK_TOO} from NO_PROXY"
        )
    return f"http://{host_of(address)} is not encrypted: {risk}. Use https://"
