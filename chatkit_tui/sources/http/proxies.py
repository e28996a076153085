"""Which proxy requests go through, read from the environment as curl reads it.

The variables are `http_proxy` or `https_proxy`, by the scheme of the base URL, then `all_proxy`,
each in lower case first. `no_proxy` lists hosts that are reached directly. Loopback is always
reached directly, unless `no_proxy` has the entry `<-loopback>`, as browsers write it. The proxy
settings of macOS and Windows are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from chatkit_tui.errors import ConfigError
from chatkit_tui.text.plain import ui_text

LOOPBACK_TOO: Final = "<-loopback>"
"""The entry of `no_proxy` that asks for a proxy on the way to loopback."""

CLOSED: Final = "the proxy closed the connection"
UNKNOWN_PROTOCOL: Final = "the proxy speaks another protocol"
"""Messages of `ProxyError`, raised in `network` and explained in `proxy_errors`."""

_SCHEMES: Final = {
    "http": "http",
    "https": "https",
    "socks": "socks5",
    "socks5": "socks5",
    "socks5h": "socks5",
}
_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080}

_SEPARATORS: Final = re.compile(r"[,\s]+")
_ENTRY: Final = re.compile(
    r"""(?: \[ (?P<bracketed>[^\]]*) \] (?P<after>/\d+)?
          | (?P<bare>[^\[\]:]*)
        ) (?: : (?P<port>\d+) )?""",
    re.VERBOSE,
)
_NUMERIC: Final = re.compile(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}\.?", re.IGNORECASE)

Address: TypeAlias = IPv4Address | IPv6Address


class Proxy(NamedTuple):
    """A proxy and the variable that names it. Its `repr` holds no password."""

    variable: str
    """`HTTPS_PROXY`, or another, as it is set."""
    scheme: str
    """`http`, `https` or `socks5`: the protocol of the proxy."""
    host: str
    """Without brackets; a name is in ASCII."""
    port: int
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Proxy({self.place})"

    @property
    def url(self) -> str:
        """The address without user name and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def place(self) -> str:
        """For messages: `the proxy http://proxy.test:3128 (HTTPS_PROXY)`."""
        return f"the proxy {self.url} ({self.variable})"


def proxy_for(base_url: str, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for requests to `base_url`, or None to connect directly.

    Raise `ConfigError` if the proxy that applies has an address that cannot be used. Settings that
    do not apply to `base_url` are never checked.
    """
    target = _split(base_url)
    if target is None or target.scheme not in ("http", "https") or not target.hostname:
        return None
    names = (f"{target.scheme}_proxy", "all_proxy")
    variable = _first_set(environ, *(form for name in names for form in (name, name.upper())))
    if not variable or _is_direct(target, _excluded(environ)):
        return None
    return _read_proxy(variable, environ[variable].strip())


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine: `localhost` or a loopback address in any notation."""
    if host.rstrip(".").lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def is_exposed(base_url: str, environ: Mapping[str, str]) -> bool:
    """Return whether a key sent to `base_url` leaves this machine unencrypted.

    Return False for what is not an address: nothing can be sent there.
    """
    target = _split(base_url)
    if target is None or target.scheme != "http" or not target.hostname:
        return False
    if not is_loopback(target.hostname):
        return True
    try:
        proxy = proxy_for(base_url, environ)
    except ConfigError:  # reported when the proxy is needed
        return False
    return proxy is not None and not is_loopback(proxy.host)


def without_user(address: str) -> str:
    """Return `address` with `…` for the user name and password in it."""
    before, at, rest = address.rpartition("@")
    if not at:
        return address
    scheme, slashes, _ = before.partition("//")
    return f"{scheme}{slashes}{ui_text('…')}@{rest}" if slashes else f"{ui_text('…')}@{rest}"


def _first_set(environ: Mapping[str, str], *names: str) -> str:
    """Return the first variable that is set; an empty one counts as missing."""
    return next((name for name in names if environ.get(name, "").strip()), "")


def _excluded(environ: Mapping[str, str]) -> list[str]:
    variable = _first_set(environ, "no_proxy", "NO_PROXY")
    text = environ[variable] if variable else ""
    return [entry for entry in _SEPARATORS.split(text.lower()) if entry]


def _is_direct(target: SplitResult, entries: list[str]) -> bool:
    host = target.hostname or ""
    if is_loopback(host) and LOOPBACK_TOO not in entries:
        return True
    port = target.port or _PORTS[target.scheme]
    return any(_matches(entry, host, port) for entry in entries)


def _matches(entry: str, host: str, port: int) -> bool:
    """Return whether an entry of `no_proxy` names this host.

    An entry is `*`, a domain with all that is below it, an address or a network; the last two may
    be in brackets. With a port, it names that port alone.
    """
    if entry == "*":
        return True
    name, only_port = _parts(entry)
    if only_port is not None and only_port != port:
        return False
    address = _address(host)
    if address is not None:
        return _covers(name, address)
    domain = _ascii(name.removeprefix("*").lstrip(".").rstrip("."))
    host = _ascii(host.rstrip("."))
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _parts(entry: str) -> tuple[str, int | None]:
    """Return name and port of an entry; an IPv6 address without brackets has no port."""
    match = _ENTRY.fullmatch(entry)
    if match is None:
        return entry, None
    name = match["bare"] if match["bare"] is not None else match["bracketed"]
    return name + (match["after"] or ""), int(match["port"]) if match["port"] else None


def _covers(name: str, address: Address) -> bool:
    network = _network(name)
    return network is not None and address in network


def _network(name: str) -> IPv4Network | IPv6Network | None:
    text, slash, length = name.partition("/")
    try:
        return ip_network(f"{text.partition('%')[0]}{slash}{length}", strict=False)
    except ValueError:
        return None


def _address(host: str) -> Address | None:
    """Return `host` as an address, or None if it is a name; `127.1` is an address too."""
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        if not _NUMERIC.fullmatch(host):
            return None
        import socket  # only for a notation that hardly anybody uses

        try:
            return IPv4Address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name


def _read_proxy(variable: str, text: str) -> Proxy:
    parts = _split(text if "://" in text else f"http://{text.removeprefix('//')}")
    scheme = _SCHEMES.get(parts.scheme if parts else "")
    # A password with `/`, `?` or `#` that is not percent-encoded ends the host too early.
    is_cut = parts is not None and "@" in parts.path + parts.query + parts.fragment
    if parts is None or is_cut or not parts.hostname or not _ascii(parts.hostname).isascii():
        raise ConfigError(
            f"{variable} is {without_user(text)!r}, which is not the address of a proxy: "
            "write http://HOST:PORT, or remove it."
        )
    if scheme is None:
        raise ConfigError(
            f"{variable} is {without_user(text)!r}, a proxy of an unknown kind: "
            "use http://, https:// or socks5://."
        )
    return Proxy(
        variable,
        scheme,
        _ascii(parts.hostname),
        parts.port or _PORTS[scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip())
        _ = parts.port  # raises as well
    except ValueError:
        return None
    return parts
