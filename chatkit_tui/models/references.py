"""The id in a text that a user typed, pasted or piped, for the screen and the commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LONGEST_ID = 4_096
"""The most characters of an id or an address."""

THREADS = ("cthr", "cti", "cthi")
"""The prefixes of the ids of threads and items."""
SESSIONS = ("cksess",)

_ITEM = re.compile(r"(?:cti|cthi)_[0-9a-zA-Z]+|(?:msg|tc|tsk|wf)_[0-9a-f]{8}")
"""Ids of items: of the hosted API, and of the package for self-hosted servers by default."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_QUOTES = ('""', "''", "<>", "``", "“”", "‘’")


class NotAnIdError(ValueError):
    """A text that cannot be an id. The message continues a sentence that begins with "it"."""


class Reference(NamedTuple):
    """A thread, a session, or an item of an unknown thread."""

    id: str
    is_item: bool = False


def read_reference(text: str, prefixes: Sequence[str] = THREADS) -> Reference:
    """Return the id in an id or an address. Raise `NotAnIdError`.

    Any text is an id, unless it is an address, such as `https://platform.openai.com/logs/cthr_…`.
    The id in an address is the first with one of the prefixes, else the last part of the path. The
    scheme of an address may be missing only if there is such a prefix.
    """
    found = checked_id(strip_id(text))
    without_scheme = re.match(rf"[\w.-]+(?::\d+)?/\S*\b(?:{'|'.join(prefixes)})_", found)
    if "://" in found or without_scheme:
        found = checked_id(_id_in(found, prefixes))
    return Reference(found, is_item=_ITEM.fullmatch(found) is not None)


def strip_id(text: str) -> str:
    """Return the text without white space, a trailing comma, and quotes or angle brackets."""
    text = text.strip().removesuffix(",").rstrip()
    if len(text) > 1 and text[0] + text[-1] in _QUOTES:
        text = text[1:-1].strip()
    return text


def checked_id(text: str, *, controls: bool = False) -> str:
    """Return the text. Raise `NotAnIdError` if it cannot be an id; `controls` allows those."""
    if not text.strip():
        raise NotAnIdError("is empty")
    if len(text) > LONGEST_ID:
        raise NotAnIdError(f"is longer than {LONGEST_ID:,} characters")
    if not controls and has_control(text):
        raise NotAnIdError(f"contains a control character: {text}")
    if _SURROGATE.search(text):
        raise NotAnIdError(f"is not UTF-8: {text}")
    if text in (".", ".."):
        raise NotAnIdError(f"is a path: {text}")
    return text


def has_control(text: str) -> bool:
    """Return whether the text contains a control character."""
    return _CONTROL.search(text) is not None


def _id_in(address: str, prefixes: Sequence[str]) -> str:
    found = re.search(rf"(?:{'|'.join(prefixes)})_[0-9a-zA-Z]+", address)
    if found:
        return found[0]
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        path = address
    return path.rstrip("/").rpartition("/")[2]
