"""Threads as a JSON document and as JSON lines, and parts of a thread as JSON, for programs.

Threads and items have the source's bytes, so that nothing is lost. In lines, a row that has line
breaks is written without them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from chatkit_tui import __version__
from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.models.page import RawRow
from chatkit_tui.render import RenderContext
from chatkit_tui.text.json_text import on_one_line

TOOL = "chatkit-tui"


def export_facts(exported: ExportedThread) -> dict[str, str | int | bool | None]:
    """Return what a file states of itself; times are Unix seconds."""
    facts = exported.facts
    return {
        "tool": TOOL,
        "version": __version__,
        "fetched_at": int(facts.fetched_at),
        "source": facts.source,
        "complete": facts.is_complete,
        "incomplete_reason": facts.incomplete_reason,
        "redacted": facts.is_redacted,
    }


def thread_jsonl(exported: ExportedThread, context: RenderContext) -> Iterator[bytes]:  # noqa: ARG001
    """Yield lines: `{"export": …}`, `{"thread": …}`, `{"thread_id": …, "item": …}` for each item,
    and `{"end": {"items": N}}`."""
    yield b'{"export": ' + _facts(exported) + b"}\n"
    yield b'{"thread": ' + on_one_line(exported.thread.raw) + b"}\n"
    thread_id = json.dumps(exported.thread.id).encode()
    for row in exported.items():
        item = on_one_line(row.raw)
        yield b'{"thread_id": ' + thread_id + b', "item": ' + item + b"}\n"
    yield b'{"end": {"items": %d}}\n' % exported.item_count


def thread_json(exported: ExportedThread, context: RenderContext) -> Iterator[bytes]:  # noqa: ARG001
    """Yield an object with `export`, `thread` and `items`, an item on each line."""
    yield b'{"export": ' + _facts(exported) + b',\n"thread": ' + exported.thread.raw
    yield b',\n"items": ['
    yield from _elements(exported.items())
    yield b"\n]}\n"


def _facts(exported: ExportedThread) -> bytes:
    return json.dumps(export_facts(exported)).encode()


def item_json(row: RawRow) -> bytes:
    """Return the JSON of an item with a line break; its bytes are those of the source."""
    return row.raw + b"\n"


def list_json(rows: Iterable[RawRow], *, has_more: bool) -> Iterator[bytes]:
    """Yield a list object of the API in pieces, a row on each line.

    `has_more` is whether the conversation has items that are not in the list, or may have.
    """
    yield b'{"object": "list", "data": ['
    yield from _elements(rows)
    yield b'\n], "has_more": ' + (b"true" if has_more else b"false") + b"}\n"


def _elements(rows: Iterable[RawRow]) -> Iterator[bytes]:
    """Yield the elements of a list, each on a line."""
    before = b"\n"
    for row in rows:
        yield before + row.raw
        before = b",\n"
