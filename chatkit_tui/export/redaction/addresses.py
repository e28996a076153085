"""Find e-mail and IP addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from chatkit_tui.export.redaction.found import Found

# -- e-mail addresses ------------------------------------------------------------------------------

_IGNORABLE: Final = "\u00ad\u200b-\u200f\u2060\ufeff"
"""Characters that are not drawn, and could hide an address."""
_AT: Final = r"(?:@|＠|﹫|%40|&#0*64;|&#[xX]0*40;|&commat;|\\u0040)"
_HAS_AT: Final = re.compile(_AT)
_LOCAL: Final = rf"[\w.!#$*+/=?^`{{|}}~'’{_IGNORABLE}-]{{1,64}}"
_LABEL: Final = rf"[\w{_IGNORABLE}](?:[\w{_IGNORABLE}-]{{0,61}}[\w{_IGNORABLE}])?"
_EMAIL: Final = re.compile(
    rf"(?:{_LOCAL}|\"[^\"\n]{{1,64}}\"){_AT}"
    rf"(?P<domain>(?:{_LABEL}[.。．]){{1,8}}(?P<last>xn--[a-z0-9-]+|[^\W\d_]{{2,63}}))(?![\w@])"
)
_LEADING: Final = re.compile(r"[^\w\"+]+")
_NAMES_FILE: Final = frozenset(
    "png jpg jpeg gif svg webp js ts mjs cjs css json py rb".split()  # noqa: SIM905
)
"""Endings that are those of files, not of domains: `icon@2x.png`."""
_VERSION: Final = re.compile(r"\d+\.\d+\.")
"""The beginning of a version, as of a package: `left-pad@1.3.0-beta.rc`."""
_DROPPED: Final = re.compile(f"[{_IGNORABLE}]")


def find_emails(text: str, _name: str) -> Iterator[Found]:
    """Yield e-mail addresses, also where the sign is escaped as in addresses and HTML."""
    if not _HAS_AT.search(text):
        return
    for match in _EMAIL.finditer(text):
        if match["last"].lower() in _NAMES_FILE or _VERSION.match(match["domain"]):
            continue
        leading = _LEADING.match(match[0])
        start = match.start() + (leading.end() if leading else 0)
        value = _HAS_AT.sub("@", _DROPPED.sub("", text[start : match.end()]), count=1)
        if not value.startswith("@"):
            yield Found(start, match.end(), value.casefold())


# -- IP addresses ----------------------------------------------------------------------------------

# These begin with a character that is rare, so the search for them is quick.
_MAY_BE_V4: Final = re.compile(r"\.\d{1,3}\.\d")
_MAY_BE_V6: Final = re.compile(r":[0-9A-Fa-f]{0,4}:")
_V4: Final = re.compile(r"\d(?<![\w.]\d)\d{0,2}(?:\.\d{1,3}){3}(?!\w|\.\d|-\w)", re.ASCII)
_V6: Final = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:|::)[0-9A-Fa-f:]*(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?"
    r"(?:%\w+)?(?![\w:]|\.\d)",
    re.ASCII,
)
_OF_VERSION: Final = re.compile(
    r"(?:\b(?:v|ver|version|release|rel|build|firmware|fw|driver|section|sec|chapter|clause|rev"
    r"|revision|update|patch|kapitel|abschnitt|stand|vers|versión|versione|версия|bcm|oid)\b|§)"
    r"[.:]?\s*$",
    re.IGNORECASE,
)
_MOST_BEFORE: Final = 16
"""Characters before a number in which a word says that it is a version."""


def find_ip_addresses(text: str, name: str) -> Iterator[Found]:
    """Yield the addresses of both versions of IP; a number after "version" is none."""
    if _MAY_BE_V4.search(text) and not _OF_VERSION.search(name.replace("_", " ")):
        for match in _V4.finditer(text):
            before = text[max(0, match.start() - _MOST_BEFORE) : match.start()]
            if _OF_VERSION.search(before):
                continue
            try:
                yield Found(*match.span(), str(IPv4Address(match[0])))
            except ValueError:
                continue
    if _MAY_BE_V6.search(text):
        for match in _V6.finditer(text):
            is_whole = "::" in match[0] or match[0].count(":") >= 6
            if is_whole and any(map(str.isdigit, match[0])):
                try:
                    yield Found(*match.span(), str(IPv6Address(match[0])))
                except ValueError:
                    continue
