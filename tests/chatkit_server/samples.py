"""Conversations to fill a store with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.chatkit_package import types
from tests.chatkit_server.stores import MemoryStore

START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def message(identifier: str, minute: int, text: str, *, thread_id: str = "") -> Any:
    """Return a message: of the assistant, if the number of its minute is odd."""
    common: dict[str, Any] = {
        "id": identifier,
        "thread_id": thread_id,
        "created_at": START + timedelta(minutes=minute),
    }
    if minute % 2:
        part = types.AssistantMessageContent(text=text)
        return types.AssistantMessageItem(**common, content=[part])
    return types.UserMessageItem(
        **common,
        content=[types.UserMessageTextContent(text=text)],
        inference_options=types.InferenceOptions(),
    )


def hidden(identifier: str, minute: int, *, thread_id: str = "") -> Any:
    """Return an item that the server never shows."""
    return types.HiddenContextItem(
        id=identifier,
        thread_id=thread_id,
        created_at=START + timedelta(minutes=minute),
        content="not for the user",
    )


def messages(thread_id: str, count: int, start: int = 0) -> list[Any]:
    """Return messages, oldest first."""
    return [
        message(f"{thread_id}.{number}", number, f"Message {number}", thread_id=thread_id)
        for number in range(start, start + count)
    ]


def with_hidden_stretch(thread_id: str, count: int) -> list[Any]:
    """Return a message, a number of hidden items and another message."""
    return [
        message(f"{thread_id}.first", 0, "Before", thread_id=thread_id),
        *(hidden(f"{thread_id}.h{it}", it, thread_id=thread_id) for it in range(1, count + 1)),
        message(f"{thread_id}.last", count + 1, "After", thread_id=thread_id),
    ]


def add_thread(
    store: MemoryStore,
    thread_id: str,
    items: Sequence[Any] = (),
    *,
    owner: str = "ada",
    day: int = 0,
) -> None:
    """Add a thread to a store, as the newest one."""
    thread = types.ThreadMetadata(
        id=thread_id, title=f"Thread {thread_id}", created_at=START + timedelta(days=day)
    )
    store.add(owner, thread, items)


def fill(store: MemoryStore, threads: int, items: int) -> None:
    """Add threads of two users with as many items each."""
    for number in range(threads):
        name = f"t{number}"
        add_thread(store, name, messages(name, items), owner=f"user {number % 2}", day=number)
