"""Links for the terminal from untrusted addresses."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote, urlsplit

from chatkit_tui.text.plain import counted

LONGEST: Final = 2000
"""The largest length of a link; terminals drop longer ones."""

_SCHEME: Final = re.compile(r"(https?|mailto):", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_MAILBOX: Final = re.compile(r"([^@?\s]+)@([^@?\s]+)(\?.*)?")
_IN_BRACKETS: Final = re.compile(r"\[[^][]*\](:[0-9]*)?")
_QUERY: Final = re.compile(r"[?#]")
_AFTER_HOST: Final = re.compile(r"[/?#]")
_DATA: Final = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[^;,]*)*),", re.IGNORECASE)
_LONGEST_TYPE: Final = 200
_BYTES: Final = re.compile(r";bytes=([0-9]{1,12})$")
_SPACE: Final = re.compile(r"\s")
# Characters of an address that are not percent-encoded.
_UNQUOTED: Final = "%/?#[]@!$&'()*+,;=:~"


def safe_link(url: str) -> str | None:
    """Return an address for a link of the terminal (OSC 8), or None if it is not safe.

    It must be http, https or mailto with a host or mailbox, without user name and password, white
    space, control characters and backslashes, of at most `LONGEST` characters. The result is ASCII:
    the host in Punycode, so that it cannot imitate another, and the rest percent-encoded.
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
    """Return the text of an address, with the host of a link in Punycode; not sanitized."""
    link = safe_link(url)
    if link is None or url.isascii():
        return url
    mark = "@" if link.startswith("mailto:") else "//"
    before, _, rest = url.partition(mark)
    tail = rest[len(_host_of(rest)) :]
    return f"{before}{mark}{_host_of(link.partition(mark)[2])}{tail}"


def data_words(url: str) -> str | None:
    """Return the type and the size of what a `data:` address holds; None for another address."""
    match = _DATA.match(url, 0, _LONGEST_TYPE)
    if match is None or _SPACE.search(url):
        return None
    return f"{match[1] or 'text/plain'}, {_size_words(_data_size(url, match))}"


def shorter_address(url: str) -> str:
    """Return a `data:` address with a number of bytes in place of its content."""
    match = _DATA.match(url, 0, _LONGEST_TYPE)
    return f"data:{match[1]};bytes={_data_size(url, match)}," if match else url


def _data_size(url: str, match: re.Match[str]) -> int:
    if match.end() == len(url) and (stated := _BYTES.search(match[2])):
        return int(stated[1])
    size = len(url) - match.end() - 2 * url.count("%", match.end())
    if match[2].lower().endswith(";base64"):
        size = (size - url.count("=", match.end())) * 3 // 4
    return size


def _size_words(size: int) -> str:
    if size < 1000:
        return counted(size, "byte")
    return f"{round(size / 1000)} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _host_of(rest: str) -> str:
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
        return None  # text outside the brackets would be lost
    name = _numeric_host(host) if ":" in host else _ascii_host(host)
    if name is None:
        return None
    tail = rest[2 + len(parts.netloc) :]
    return f"//{name}{'' if port is None else f':{port}'}{_quoted(tail)}"


def _numeric_host(host: str) -> str | None:
    """Return an IPv6 address, or None; a zone, which may be any text, is not allowed."""
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
    return quote(text, safe=_UNQUOTED)


def file_name(address: str) -> str:
    """Return the last part of an address's path, else its host; the words of a `data:` address."""
    if words := data_words(address):
        return words
    return _QUERY.split(address, maxsplit=1)[0].rstrip("/").rpartition("/")[2]
