"""What a person means by an id or an address that they pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_ITEM = re.compile(r"(?:cti|cthi)_[0-9a-zA-Z]+")
_IN_ADDRESS = re.compile(r"(?:cthr|cti|cthi)_[0-9a-zA-Z]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """One thread, or one item whose thread is not told by its id."""

    id: str
    is_item: bool = False


def read_reference(text: str) -> Reference | None:
    """Read an id (any text is one) or an address that has an id in its path.

    None when there is nothing in it. Addresses are those of the platform's log pages, such as
    `https://platform.openai.com/logs/cthr_…`; of others the last part of the path is taken.
    """
    text = text.strip().strip("\"'<>")
    if not text:
        return None
    if "://" in text:
        try:
            path = unquote(urlsplit(text).path)
        except ValueError:
            path = text
        found = _IN_ADDRESS.search(text)
        text = found[0] if found else path.rstrip("/").rpartition("/")[2]
        if not text:
            return None
    return Reference(text, is_item=_ITEM.fullmatch(text) is not None)
