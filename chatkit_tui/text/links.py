"""Which addresses of foreign text may become links."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote, urlsplit

LONGEST: Final = 2000
"""Characters of the longest address that becomes a link; terminals drop longer ones."""

_SCHEME: Final = re.compile(r"(https?|mailto):", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_MAILBOX: Final = re.compile(r"([^@?\s]+)@([^@?\s]+)(\?.*)?")
_IN_BRACKETS: Final = re.compile(r"\[[^][]*\](:[0-9]*)?")
_AFTER_HOST: Final = re.compile(r"[/?#]")
# What stands in an address as it is; everything else is written as %XX.
_AS_IT_IS: Final = "%/?#[]@!$&'()*+,;=:~"


def safe_link(url: str) -> str | None:
    """The address as it can be given to a terminal as a link (OSC 8), or None if it must not be.

    Only http, https and mailto with a host or mailbox, no user name or password in front of the
    host, no white space, control characters or backslashes, at most `LONGEST` characters. The
    result is ASCII: a host in other letters is written in Punycode, so that it cannot pass for
    another, the rest percent-encoded. Never raises.
    """
    if len(url) > LONGEST or "\\" in url or not (match := _SCHEME.match(url)):
        return None
    if any(unicodedata.category(character)[0] in "CZ" for character in url):
        return None
    scheme = match[1].lower()
    rest = url[match.end() :]
    made = _mail_address(rest) if scheme == "mailto" else _web_address(rest)
    link = f"{scheme}:{made}" if made else None
    return link if link and len(link) <= LONGEST else None


def address_words(url: str) -> str:
    """How an address is written: as it came, but the host of a link in Punycode where it is in
    other letters. Not made visible."""
    link = safe_link(url)
    if link is None or url.isascii():
        return url
    mark = "@" if link.startswith("mailto:") else "//"
    before, _, rest = url.partition(mark)
    tail = rest[len(_host_of(rest)) :]
    return f"{before}{mark}{_host_of(link.partition(mark)[2])}{tail}"


def _host_of(rest: str) -> str:
    """The host, and the port, with which what stands behind a scheme begins."""
    return _AFTER_HOST.split(rest, maxsplit=1)[0]


def _mail_address(rest: str) -> str | None:
    match = _MAILBOX.fullmatch(rest)
    host = match and _ascii_host(match[2])
    return f"{_quoted(match[1])}@{host}{_quoted(match[3] or '')}" if match and host else None


def _web_address(rest: str) -> str | None:
    try:
        parts = urlsplit("http:" + rest)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not rest.startswith("//") or not host or "@" in parts.netloc:
        return None
    if "[" in parts.netloc and not _IN_BRACKETS.fullmatch(parts.netloc):
        return None  # what stands beside the brackets would be lost
    name = _numeric_host(host) if ":" in host else _ascii_host(host)
    if name is None:
        return None
    tail = rest[2 + len(parts.netloc) :]
    return f"//{name}{'' if port is None else f':{port}'}{_quoted(tail)}"


def _numeric_host(host: str) -> str | None:
    """An address of IPv6; one with a zone, which may be any text, means something here alone."""
    try:
        return f"[{IPv6Address(host)}]" if "%" not in host else None
    except ValueError:
        return None


def _ascii_host(host: str) -> str | None:
    labels = []
    for label in host.removesuffix(".").split("."):
        if not label.isascii():
            label = unicodedata.normalize("NFKC", label.lower())
            if any(
                unicodedata.category(letter)[0] not in "LMN" and letter != "-" for letter in label
            ):
                return None
            label = "xn--" + label.encode("punycode").decode("ascii")
        if not _LABEL.fullmatch(label):
            return None
        labels.append(label)
    return ".".join(labels)


def _quoted(text: str) -> str:
    return quote(text, safe=_AS_IT_IS)
