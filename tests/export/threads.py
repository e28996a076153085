"""Threads written for the tests of export."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chatkit_tui.export.exported_thread import ExportedThread, ExportFacts
from chatkit_tui.export.spool import Spool
from chatkit_tui.models.page import Page, RawRow

MADE = 1_760_602_640
"""16 October 2025, 08:17:20 UTC: when every example was made."""
FACTS = ExportFacts(MADE + 60, "OpenAI, api.example")


def thread_row(thread_id: str = "cthr_1", created_at: int | None = MADE, **fields: Any) -> RawRow:
    """A thread as a row."""
    value = {"id": thread_id, "created_at": created_at, **fields}
    return Page.of_texts([json.dumps(value).encode()]).rows[0]


def message(text: str, number: int = 0) -> bytes:
    """The JSON of a user's message."""
    value = {
        "id": f"cti_{number}",
        "type": "chatkit.user_message",
        "created_at": MADE + number,
        "content": [{"type": "input_text", "text": text}],
    }
    return json.dumps(value).encode()


def exported(
    *items: bytes, thread: RawRow | None = None, facts: ExportFacts = FACTS
) -> ExportedThread:
    """A thread that was read; the items are JSON."""
    row = thread or thread_row(title="A title", user="ada", status={"type": "active"})
    spool = Spool()
    spool.add(page_of(items, row.name))
    return ExportedThread(row, facts, spool)


def page_of(items: Sequence[bytes], thread_id: str) -> tuple[RawRow, ...]:
    """Items as rows of a page."""
    return Page.of_texts(items, thread_id=thread_id).rows
