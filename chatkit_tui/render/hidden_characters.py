"""How many characters of an item nobody would see: evidence that something was hidden in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_tui.document.spans import Span, Style
from chatkit_tui.models.items import Item, WidgetItem
from chatkit_tui.models.json import DECODER, JSON
from chatkit_tui.render.context import Context
from chatkit_tui.render.symbols import WARNING
from chatkit_tui.text.sanitize import hidden_count

LOOKED_AT: Final = 1_000_000
"""Characters of an item's JSON up to which all of it is looked at; beyond, this many of it."""

_SUSPECT: Final = re.compile(rb"[^ -~\n\r\t]|\\[ubf]|\\r(?!\\n)")
"""In JSON text: what stands for a character that may be hidden. Most items have none of it."""


def hidden_characters(item: Item) -> int:
    """How many characters of what an item holds are shown as signs, counted once each.

    All its texts, names and ids are looked at, those inside a widget's own JSON as well; of an
    item that is longer than `LOOKED_AT` characters the beginning.
    """
    raw = item.raw
    if not _SUSPECT.search(raw, 0, LOOKED_AT):
        return 0
    text = raw[:LOOKED_AT].decode("utf-8", "replace")
    if len(raw) > LOOKED_AT:
        return hidden_count(text)
    widget = isinstance(item, WidgetItem)
    return sum(hidden_count(piece) for piece in _texts(_value(text), widget=widget))


def hidden_words(item: Item, context: Context) -> tuple[Span, ...]:
    """What the head of an item says of them; nothing where there are none."""
    count = hidden_characters(item)
    if not count:
        return ()
    words = "hidden character" if count == 1 else "hidden characters"
    return (Span(f"{WARNING.shown(context)} {count:,} {words}", Style("bad")),)


def _value(text: str) -> JSON:
    """The value of JSON text; the text itself where it is none that can be read."""
    try:
        return DECODER.decode(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return text


def _texts(value: JSON, *, widget: bool) -> Iterator[str]:
    """All texts in a value, keys included. A loop: nesting may go as deep as it likes."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            for name, entry in found.items():
                is_json = widget and name == "widget" and found is value and isinstance(entry, str)
                waiting += (name, _value(entry) if is_json else entry)
