"""Archives made of rows, as a synchronization makes them of pages."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chatkit_tui.sources.archive.schema import Origin
from chatkit_tui.sources.archive.thread_items import Row, Stored
from chatkit_tui.sources.archive.writer import ArchiveWriter

ORIGIN = Origin("hosted", "https://api.example.test/v1")
NOW = 1_790_000_000
THEN = 1_780_000_000


def thread(identifier: str, **fields: Any) -> Row:
    """A thread as the API lists it."""
    value = {
        "id": identifier,
        "object": "chatkit.thread",
        "created_at": THEN,
        "status": {"type": "active"},
        "title": f"About {identifier}",
        "user": "ada",
        **fields,
    }
    return Row(identifier, json.dumps(value, ensure_ascii=False))


def message(identifier: str, text: str = "hello", **fields: Any) -> Row:
    """A user's message as the API lists it."""
    value = {
        "id": identifier,
        "type": "chatkit.user_message",
        "created_at": THEN,
        "content": [{"type": "input_text", "text": text}],
        **fields,
    }
    return Row(identifier, json.dumps(value, ensure_ascii=False))


@contextmanager
def writing(path: Path, *, now: float = NOW) -> Iterator[ArchiveWriter]:
    """An archive open for writing, and closed at the end."""
    writer = ArchiveWriter.open(path, ORIGIN, now=lambda: now)
    try:
        yield writer
    finally:
        writer.close()


def list_threads(writer: ArchiveWriter, *threads: Row) -> None:
    """List threads to their end."""
    listing = writer.begin_listing(None)
    writer.store_listed(listing, threads, None)
    writer.end_listing(listing, complete=True)


def follow(
    writer: ArchiveWriter, thread_id: str, items: Sequence[Row], *, ended: bool = True
) -> Stored:
    """Store what the source has of a thread behind the known items, as one page."""
    state = writer.items.state(thread_id)
    ids = [item.id for item in items]
    start = ids.index(state.resume_after) + 1 if state.resume_after else 0
    key = writer.items.key_of(state, state.resume_after)
    assert key is not None
    return writer.items.store(thread_id, key, items[start:], ended=ended)


def read_again(writer: ArchiveWriter, thread_id: str, items: Sequence[Row]) -> Stored:
    """Store what the source has of a thread from its start."""
    writer.items.begin_again()
    writer.items.set_aside(items)
    return writer.items.take_over(thread_id)


def index_all(writer: ArchiveWriter) -> None:
    """Index every row."""
    while writer.index_some():
        pass


def archive_of(path: Path, origin: Origin) -> None:
    """Make an archive of another source, with a thread: without one, it takes any source."""
    writer = ArchiveWriter.open(path, origin)
    writer.store_thread(thread("theirs"))
    writer.close()


def archive(path: Path, threads: dict[str, Sequence[Row]], **fields: Any) -> None:
    """Make an archive of threads with their items, indexed."""
    with writing(path) as writer:
        list_threads(writer, *(thread(name, **fields) for name in threads))
        for name, items in threads.items():
            follow(writer, name, items)
        index_all(writer)


@contextmanager
def read_only_folder() -> Iterator[Path]:
    """A folder without write permission; root ignores that, so the test drops its user."""
    folder = Path(tempfile.mkdtemp())
    user = os.geteuid()
    try:
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
        shutil.rmtree(folder)


def alter(archive: str, statement: str) -> None:
    """Change a file as another program would."""
    connection = sqlite3.connect(archive, isolation_level=None)
    connection.execute(statement)
    connection.close()
