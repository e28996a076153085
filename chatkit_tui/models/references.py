"""What a person means by an id or an address that they typed, pasted or piped.

The screen's "go to" and every command that takes an id read it here, so that both accept the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

LONGEST_ID = 4_096
"""The most characters of an id or an address; both are far shorter."""

THREADS = ("cthr", "cti", "cthi")
"""How ids of threads and of items begin."""
SESSIONS = ("cksess",)

_ITEM = re.compile(r"(?:cti|cthi)_[0-9a-zA-Z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_QUOTES = ('""', "''", "<>", "``", "“”", "‘’")


class NotAnIdError(ValueError):
    """A text that cannot be an id. The message says why, to be read after "it"."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One thread, one session, or one item whose thread is not told by its id."""

    id: str
    is_item: bool = False


def read_reference(text: str, prefixes: Sequence[str] = THREADS) -> Reference:
    """Read an id (any text is one) or an address that has an id in it.

    Addresses are those of the platform's log pages, such as
    `https://platform.openai.com/logs/cthr_…`. The first id with one of the prefixes is taken; of
    an address without such an id, the last part of the path. Raises `NotAnIdError`.
    """
    found = checked_id(strip_id(text))
    if "://" in found:
        found = checked_id(_id_in(found, prefixes))
    return Reference(found, is_item=_ITEM.fullmatch(found) is not None)


def strip_id(text: str) -> str:
    """Return the text without what gets around an id when it is copied.

    That is surrounding white space (a CR too), one trailing comma and one pair of quotes or angle
    brackets.
    """
    text = text.strip().removesuffix(",").rstrip()
    if len(text) > 1 and text[0] + text[-1] in _QUOTES:
        text = text[1:-1].strip()
    return text


def checked_id(text: str) -> str:
    """Return the text. Raise `NotAnIdError` if no server can have it as an id."""
    if not text.strip():
        raise NotAnIdError("is empty")
    if len(text) > LONGEST_ID:
        raise NotAnIdError(f"is longer than {LONGEST_ID:,} characters")
    if has_control(text):
        raise NotAnIdError(f"holds a control character: {text}")
    if _SURROGATE.search(text):
        raise NotAnIdError(f"is not UTF-8: {text}")
    if text in (".", ".."):
        raise NotAnIdError(f"is a path: {text}")
    return text


def has_control(text: str) -> bool:
    """Return whether there is a control character in the text."""
    return _CONTROL.search(text) is not None


def _id_in(address: str, prefixes: Sequence[str]) -> str:
    """Return the id in an address; empty if there is none."""
    found = re.search(rf"(?:{'|'.join(prefixes)})_[0-9a-zA-Z]+", address)
    if found:
        return found[0]
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        path = address
    return path.rstrip("/").rpartition("/")[2]
