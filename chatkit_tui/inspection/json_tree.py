"""JSON text as rows that can be folded: one for each value, with its path and its text.

Numbers keep their digits, strings their escapes, objects the order and repetition of their keys.
JSON in a string, such as the arguments of a tool call, is below the string that it is in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from chatkit_tui.document.from_json import NotJSONError, text_tokens
from chatkit_tui.models.json import mend
from chatkit_tui.text.folding import Query
from chatkit_tui.text.sanitize import sanitize

MOST_ROWS: Final = 400_000
"""Rows of the largest tree; the rest of the text is left out."""
DEEPEST_STRINGS: Final = 4
"""Levels of JSON in strings of JSON that are opened."""
OPEN_ROWS: Final = 200
"""Rows up to which a tree is open at first; of a larger one, the root."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTAINERS: Final = {"{": "object", "[": "array"}
_DECODER: Final = json.JSONDecoder(strict=False)
_IN_STRING: Final = " | fromjson | "


class JsonRow:
    """A value: on one line with its key, the rows of its entries below it."""

    __slots__ = ("count", "depth", "end", "is_in_string", "key", "kind", "parent", "place", "text")

    def __init__(self, kind: str, text: str, key: str | None, place: int, parent: int) -> None:
        self.kind = kind
        """`object`, `array`, `string`, `number` or `word`."""
        self.text = text
        """The JSON text of a value without entries; untrusted."""
        self.key = key
        """The JSON text of its key, with the quotes; None for an element and for the root."""
        self.place = place
        """Its number among its siblings, from 0."""
        self.parent = parent
        """The index of the row that it is an entry of; -1 for the root."""
        self.depth = 0
        self.count = 0
        """The number of its entries."""
        self.end = 0
        """The index after its last entry, at any depth."""
        self.is_in_string = False
        """Whether it is the value in the string above it."""

    @property
    def is_container(self) -> bool:
        return self.kind in ("object", "array")


class JsonTree:
    """The rows of a JSON text, and which of them are open. Raise `NotJSONError` for other text."""

    def __init__(self, text: str) -> None:
        self.rows: list[JsonRow] = []
        self.is_cut = False
        """Whether rows are left out."""
        self._read(text, parent=-1, depth=0, strings=0)
        is_small = len(self.rows) <= OPEN_ROWS
        self._open = bytearray(is_small or row.depth < 1 for row in self.rows)

    # -- reading -----------------------------------------------------------------------------------

    def _read(self, text: str, *, parent: int, depth: int, strings: int) -> None:
        """Append the rows of a text below a row."""
        opened: list[int] = []
        key: str | None = None
        for kind, token in text_tokens(text):
            if kind == "key":
                key = token
            elif kind == "close":
                self.rows[opened[-1]].end = len(self.rows)
                opened.pop()
            elif kind not in ("comma", "colon"):
                if len(self.rows) >= MOST_ROWS:
                    self.is_cut = True
                    break
                row = self._append(kind, token, key, opened[-1] if opened else parent)
                row.depth = depth + len(opened)
                key = None
                if kind == "open":
                    opened.append(len(self.rows) - 1)
                elif kind == "string" and strings < DEEPEST_STRINGS:
                    self._read_string(row, strings)
        for index in opened:
            self.rows[index].end = len(self.rows)

    def _append(self, kind: str, token: str, key: str | None, parent: int) -> JsonRow:
        text = token
        if kind == "open":
            kind, text = _CONTAINERS[token], ""
        place = 0
        if parent >= 0:
            place = self.rows[parent].count
            self.rows[parent].count += 1
        row = JsonRow(kind, text, key, place, parent)
        self.rows.append(row)
        row.end = len(self.rows)
        return row

    def _read_string(self, row: JsonRow, strings: int) -> None:
        """Append the value of a string that is the JSON of an object or a list."""
        if len(row.text) < 4 or row.text[1:2] not in ("{", "["):
            return
        start = len(self.rows)
        try:
            self._read(
                _decoded(row.text), parent=start - 1, depth=row.depth + 1, strings=strings + 1
            )
        except NotJSONError:
            del self.rows[start:]
            row.count = 0
        else:
            self.rows[start].is_in_string = True
        row.end = len(self.rows)

    # -- folding -----------------------------------------------------------------------------------

    def visible(self) -> list[int]:
        """Return the indices of the rows that no closed row hides."""
        shown: list[int] = []
        index = 0
        rows, is_open = self.rows, self._open
        while index < len(rows):
            shown.append(index)
            index = index + 1 if is_open[index] else rows[index].end
        return shown

    def is_open(self, index: int) -> bool:
        return bool(self._open[index])

    def toggle(self, index: int) -> bool:
        """Open or close a row; return False if it has no entries."""
        if not self.rows[index].count:
            return False
        self._open[index] ^= 1
        return True

    def set_all_open(self, *, is_open: bool) -> None:
        """Open all rows, or close all but the root."""
        self._open = bytearray([is_open]) * len(self.rows)
        self._open[0] = 1

    def reveal(self, index: int) -> None:
        """Open every row that hides a row."""
        while (index := self.rows[index].parent) >= 0:
            self._open[index] = 1

    # -- texts -------------------------------------------------------------------------------------

    def path(self, index: int) -> str:
        """Return the path of a row as jq writes it, in ASCII."""
        steps: list[str] = []
        while index >= 0:
            row = self.rows[index]
            if row.is_in_string:
                steps.append(_IN_STRING)
            elif row.parent >= 0:
                steps.append(_step(row))
            index = row.parent
        path = "".join(reversed(steps))
        path = path.replace(f"{_IN_STRING}[", f"{_IN_STRING}.[")
        if path.endswith(_IN_STRING):
            path = path.removesuffix(" | ")
        return path if path.startswith(".") else f".{path}"

    def value(self, index: int) -> str:
        """Return the value of a row: the text in a string, else its JSON. Untrusted."""
        row = self.rows[index]
        return (
            str(mend(_decoded(row.text))) if row.kind == "string" else "".join(self._pieces(index))
        )

    def _pieces(self, index: int) -> Iterator[str]:
        """Yield the JSON of a row; no recursion, since nesting has no limit."""
        rows = self.rows
        end = rows[index].end
        closers: list[tuple[int, str]] = []
        start = index
        while index < end:
            while closers and closers[-1][0] <= index:
                yield closers.pop()[1]
            row = rows[index]
            if index > start:
                yield ", " if row.place else ""
                yield f"{row.key}: " if row.key is not None else ""
            if row.is_container:
                yield "{" if row.kind == "object" else "["
                closers.append((row.end, "}" if row.kind == "object" else "]"))
                index += 1
            else:
                yield row.text
                index = row.end
        while closers:
            yield closers.pop()[1]

    def has(self, index: int, query: Query) -> bool:
        """Return whether the key or the value of a row has a text, as it is drawn or decoded."""
        row = self.rows[index]
        return _has(row.text, query) or (row.key is not None and _has(row.key, query))


def _has(token: str, query: Query) -> bool:
    drawn = token if token.isascii() else sanitize(token)
    if query.is_in(query.fold(drawn).text):
        return True
    return "\\" in token and query.is_in(query.fold(str(mend(_decoded(token)))).text)


def _decoded(token: str) -> str:
    return str(_DECODER.decode(token))


def _step(row: JsonRow) -> str:
    if row.key is None:
        return f"[{row.place}]"
    name = _decoded(row.key)
    return f".{name}" if _NAME.fullmatch(name) else f"[{json.dumps(name)}]"
