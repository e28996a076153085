"""The addresses of sources: their parts, and what of them can be shown.

The rules of proxies are imported late: completing a profile needs no HTTP.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

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
    from chatkit_tui.sources.http.proxies import without_user

    return re.sub(r"([?#]).*", rf"\1{ui_text('…')}", without_user(base_url), flags=re.DOTALL)


def is_local(base_url: str) -> bool:
    """Return whether an address is on this machine; False if it is invalid."""
    from chatkit_tui.sources.http.proxies import is_loopback

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
        from chatkit_tui.sources.http.proxies import LOOPBACK_TOO

        return (
            f"http://{host_of(address)} is reached through a proxy without encryption: {risk}. "
            f"Remove {LOOPBACK_TOO} from NO_PROXY"
        )
    return f"http://{host_of(address)} is not encrypted: {risk}. Use https://"


# -- servers and databases -------------------------------------------------------------------------

_SECRET_NAME = re.compile("cookie|key|token|secret|auth|password", re.IGNORECASE)


def names_a_secret(name: str) -> bool:
    """Return whether the value of a header or a parameter with this name is probably a secret."""
    return _SECRET_NAME.search(name) is not None


def server_mistake(address: str) -> str | None:
    """Return why this cannot be the address of a server, or None. It quotes nothing."""
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "must begin with https:// and a host"
    if "@" in parts.netloc:
        return "contains a user name: remove it, and let token_command or a header say who asks"
    if not address.isascii() or not address.isprintable() or " " in address:
        return "contains a space or a character that cannot be sent"
    if parts.fragment:
        return "contains a fragment: remove what follows #"
    if any(names_a_secret(pair.partition("=")[0]) for pair in parts.query.split("&")):
        return "contains a secret behind its ?: let token_command or a header send it"
    return None


def database_mistake(address: str) -> str | None:
    """Return why this cannot be a database, or None. It quotes nothing."""
    scheme, is_address, _ = address.partition("://")
    parts = _split(address) if is_address else None
    if "password=" in address.lower() or (parts is not None and parts.password is not None):
        return "contains a password: remove it, and set PGPASSWORD, ~/.pgpass or password_command"
    # Frameworks name their driver in the address, as in postgresql+asyncpg://
    if is_address and scheme.partition("+")[0] not in ("postgresql", "postgres"):
        return "must be the path of a SQLite file, or begin with postgresql://"
    if is_address and parts is None:
        return "is not an address"
    return None


def is_postgres(address: str) -> bool:
    """Return whether a database is one of PostgreSQL; otherwise it is a file."""
    return "://" in address


def place_of_server(address: str) -> str:
    """Return host and path of a server, without what may contain secrets."""
    parts = _split(address)
    return f"{host_of(address)}{parts.path.rstrip('/')}" if parts else ""


def origin_of_server(address: str) -> str:
    """Return the address of a server as the origin of an archive, without what may be secret."""
    parts = _split(address)
    return f"{parts.scheme}://{place_of_server(address)}" if parts else ""


def origin_of_database(address: str) -> str:
    """Return the address of a database as the origin of an archive, without user and options."""
    place = place_of_database(address)
    return f"postgresql://{place}" if is_postgres(address) else place


def place_of_database(address: str) -> str:
    """Return host and name of a database, or the path of a file."""
    if not is_postgres(address):
        return address
    parts = _split(address)
    if parts is None:
        return ""
    host = parts.netloc.rpartition("@")[2] or dict(parse_qsl(parts.query)).get("host", "local")
    return f"{host}{parts.path.rstrip('/')}"
