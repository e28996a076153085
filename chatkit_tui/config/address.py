"""What the address of an API says: its host, and how it may be shown."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from chatkit_tui.sources.http.proxies import is_loopback, without_user
from chatkit_tui.text.plain import ui_text


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
    return re.sub(r"([?#]).*", rf"\1{ui_text('…')}", without_user(base_url), flags=re.DOTALL)


def is_local(base_url: str) -> bool:
    """Whether an address leads to this machine; False for what is none."""
    address = _split(base_url)
    return address is not None and bool(address.hostname) and is_loopback(address.hostname or "")


def _split(base_url: str) -> SplitResult | None:
    try:
        address = urlsplit(base_url.strip())
        _ = address.port  # raises, too
    except ValueError:
        return None
    return address
