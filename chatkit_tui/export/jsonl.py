"""Threads as JSON lines and as a JSON document, for programs.

Threads and items have the source's bytes, so that nothing is lost. In lines, a row that has line
breaks is written without them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from chatkit_tui import __version__
from chatkit_tui.export.exported_thread import ExportedThread
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
    before = b"\n"
    for row in exported.items():
        yield before + row.raw
        before = b",\n"
    yield b"\n]}\n"


def _facts(exported: ExportedThread) -> bytes:
    return json.dumps(export_facts(exported)).encode()
