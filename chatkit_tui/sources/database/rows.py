"""The JSON of a row: that of its column, or made from columns, and completed from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from chatkit_tui.models.json import JSON, load_json
from chatkit_tui.models.page import Page
from chatkit_tui.models.raw_json import RowSpan
from chatkit_tui.models.timestamps import LAST_SECOND
from chatkit_tui.sources.database.dialect import Value
from chatkit_tui.sources.database.jsonb import is_jsonb, jsonb_text

KEY_CURSOR: Final = "\0key "
"""The prefix of a cursor that is the key of a row without an id; no id contains a NUL."""
_TEXTS: Final = frozenset({"id", "thread_id", "title", "type", "user"})
"""Members that are texts, also if a text is JSON."""


class StoredRow(NamedTuple):
    """A row as it is in the database."""

    key: Value
    id: str
    """The id in its column; empty if it has none."""
    json: str | bytes | None
    members: tuple[tuple[str, Value], ...]
    """What columns say, by the name of the member in JSON."""

    @property
    def size(self) -> int:
        """The bytes of its JSON, or characters of it."""
        return len(self.json or "")


def page_of(
    rows: Sequence[StoredRow], *, has_more: bool, thread_id: str = "", zone: tzinfo
) -> Page:
    """Return the page of some rows. What is no JSON object becomes a row that is shown as such."""
    texts, spans, start = [], [], 0
    for row in rows:
        text, value = row_json(row)
        end = start + len(text)
        members = dict(row.members)
        if not isinstance(value, dict):
            value = {"created_at": time_member(members.get("created_at"))}
        spans.append(RowSpan.of(start, end, value)._replace(id=row.id or None))
        texts.append(text)
        start = end + 1
    cursor = None
    if rows and not rows[-1].id:
        cursor = f"{KEY_CURSOR}{rows[-1].key!s}"
    return Page(
        b"\n".join(texts), spans, has_more=has_more, cursor=cursor, thread_id=thread_id, zone=zone
    )


def row_json(row: StoredRow) -> tuple[bytes, JSON]:
    """Return the JSON text of a row and its value, which is None if the text is no JSON object.

    The text is that of the column, behind which members follow that it lacks.
    """
    text = b"{}" if row.json is None else json_text(row.json)
    value = parse_object(text)
    if value is None:
        return text, None
    missing = {
        name: member
        for name, stored in row.members
        if value.get(name) is None and (member := _member(name, stored)) is not None
    }
    if not missing:
        return text, value
    more = json.dumps(missing, ensure_ascii=False, separators=(",", ":"))
    head = text.rstrip()[:-1].rstrip()
    comma = b"" if head.endswith(b"{") else b","
    return head + comma + more[1:].encode("utf-8", "replace"), {**value, **missing}


def json_text(stored: str | bytes) -> bytes:
    """Return the JSON text of a column: as it is, from JSONB, or from a JSON string of JSON."""
    text = stored.encode("utf-8", "replace") if isinstance(stored, str) else stored
    try:
        if is_jsonb(text):
            return jsonb_text(text)
        if text.lstrip()[:1] == b'"' and isinstance(inner := load_json(text), str):
            return inner.encode("utf-8", "replace")
    except (ValueError, RecursionError):
        pass
    return text


def parse_object(text: bytes | str) -> dict[str, JSON] | None:
    """Return the object of a JSON text; None if it is none that can be read."""
    try:
        value = load_json(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def text_of(value: Value) -> str:
    """Return a value of a column as text; empty for NULL."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def members_of(names: Iterable[str], values: Iterable[Value]) -> tuple[tuple[str, Value], ...]:
    """Return members with their values."""
    return tuple(zip(names, values, strict=True))


def _member(name: str, stored: Value) -> JSON:
    """Return a member for the value of a column; None for NULL."""
    if name == "created_at":
        return time_member(stored)
    if stored is None:
        return None
    text = text_of(stored)
    if name in _TEXTS:
        return text
    if text.lstrip()[:1] in ("{", "["):
        try:
            return load_json(json_text(stored if isinstance(stored, bytes) else text))
        except (ValueError, RecursionError):
            return text
    if name == "status":
        return {"type": text}
    return stored if isinstance(stored, (int, float)) else text


def time_member(stored: Value) -> JSON:
    """Return a time as JSON: in seconds where the column has them in fractions of one."""
    if isinstance(stored, bytes):
        return text_of(stored)
    if not isinstance(stored, (int, float)):
        return stored
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if abs(stored) <= LAST_SECOND * unit / 20:  # the year 2600 in seconds, 2369 in others
            return stored // unit if unit > 1 else stored
    return None
