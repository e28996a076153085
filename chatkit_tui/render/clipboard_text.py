"""What an item says with the characters that it says it in: for the clipboard.

On the screen a hidden character is a sign; who passes a text on wants the text. So each hidden
character is exchanged for a stand-in that is drawn like a letter, the item is drawn as always, and
the stand-ins are exchanged back. The wall between the wire and the terminal stays as it is.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category

from chatkit_tui.document.spans import plain
from chatkit_tui.models.items import Item, WidgetItem, read_item
from chatkit_tui.models.json import JSON, dump_json, load_json
from chatkit_tui.render.context import Context
from chatkit_tui.render.items import LARGEST, render_item
from chatkit_tui.text.joiners import JOINER, NON_JOINER
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import pieces

WIDTH: Final = 100_000
"""Cells; no line of a text that is passed on is broken before."""
JOINERS: Final = frozenset({JOINER, NON_JOINER})
# An address that is taken for none keeps the letters of its host.
_FOREIGN_HOST: Final = re.compile(r":(?=//[^\s/?#]*[^\x00-\x7f])")
_STAND_INS: Final = range(0x30000, 0x31300)
"""Rare ideographs, drawn as they are; those that the item itself has are not used."""


def text_for_clipboard(item: Item, context: Context) -> str | None:
    """What an item says, folded parts included, its hidden characters and tabs as they came.

    Controls other than tabs and line breaks are left out: a terminal obeys them, and none is
    meant to be read. Half emojis, which nothing can carry on, and hidden characters beyond the
    first few thousand kinds stay signs. None for an item that is too large to be drawn, or that
    says nothing.
    """
    if len(item.raw) > LARGEST:
        return None
    stand_ins = _StandIns("")
    try:
        value = load_json(item.raw)
        if isinstance(value, dict):
            if isinstance(item, WidgetItem):
                value["widget"] = _tree(item.widget)
            stand_ins = _StandIns(dump_json(value))
            raw = dump_json(stand_ins.exchanged(value)).encode()
            item = read_item(raw, thread_id=item.thread_id)
    except (ValueError, RecursionError):  # the item is shown as what it is not: with signs
        pass
    drawn = render_item(item, WIDTH, context, open=True)
    text = "\n".join(plain(line) for line in drawn.lines[drawn.head :])
    return stand_ins.back(text) or None


def _tree(text: str) -> JSON:
    """The JSON inside a widget's string, whose escapes stand for characters as well."""
    try:
        return load_json(text)
    except ValueError:
        return text


class _StandIns:
    """Which letter stands for which hidden character, as they turn up."""

    def __init__(self, text: str) -> None:
        """`text` is all that there is, none of whose letters may stand for others."""
        self._free = (chr(point) for point in _STAND_INS if chr(point) not in text)
        self._letters: dict[str, str] = {}

    def exchanged(self, value: JSON) -> JSON:
        """A value with the hidden characters of its texts exchanged, and its controls left out."""
        if isinstance(value, str):
            return self._exchanged_text(value)
        if isinstance(value, list):
            return [self.exchanged(entry) for entry in value]
        if isinstance(value, dict):
            return {self.exchanged(name): self.exchanged(entry) for name, entry in value.items()}
        return value

    def back(self, text: str) -> str:
        """A text with the true characters in it again."""
        return text.translate({ord(letter): true for true, letter in self._letters.items()})

    def _exchanged_text(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        # All of them, since one that is left before a line break would make another pair with it.
        text = text.replace("\r", "")
        text = _FOREIGN_HOST.sub(lambda match: self._letter(match[0]), text)
        if "\t" in text:
            text = text.replace("\t", self._letter("\t"))
        made: list[str] = []
        done = 0
        for shown, hidden in pieces(text, breaks=True):
            if hidden:
                made += map(self._letter, text[done : done + hidden])
                done += hidden
            else:
                while text[done : done + 1] in JOINERS and not text.startswith(shown, done):
                    made.append(self._letter(text[done]))  # one that is drawn as nothing
                    done += 1
                if shown[0] == ui_text("◌") and not text.startswith(shown[0], done):
                    made += map(self._letter, shown[1:])  # what stood on nothing
                    done += len(shown) - 1
                else:
                    made.append(shown)
                    done += len(shown)
        return "".join(made) + text[done:]

    def _letter(self, true: str) -> str:
        if category(true) == "Cc" and true != "\t":
            return ""
        letter = self._letters.get(true) or next(self._free, "")
        if letter:
            self._letters[true] = letter
        return letter or true
