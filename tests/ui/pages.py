"""A thread on a server in memory, and a feed of it."""

from __future__ import annotations

import json

from chatkit_tui.feed import Feed, Order
from chatkit_tui.models.page import Page
from chatkit_tui.sources.http.response import parse_list_answer


def message(number: int, text: str) -> dict[str, object]:
    """Return a user message, a minute after the previous one."""
    return {
        "id": f"item_{number:06}",
        "object": "chatkit.thread_item",
        "created_at": 1_700_000_000 + 60 * number,
        "thread_id": "thread",
        "type": "chatkit.user_message",
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "inference_options": None,
    }


class ThreadOnServer:
    """Items, oldest first, behind the cursors of a list call."""

    def __init__(self, items: list[dict[str, object]]) -> None:
        self.items = items
        self.asked: list[tuple[str | None, Order, int]] = []
        """Cursor, order and limit of every call."""

    async def fetch(self, *, after: str | None, order: Order, limit: int) -> Page:
        self.asked.append((after, order, limit))
        items = self.items if order == "asc" else self.items[::-1]
        start = 0
        if after is not None:
            start = 1 + next(n for n, item in enumerate(items) if item["id"] == after)
        data = items[start : start + limit]
        answer = {
            "object": "list",
            "data": data,
            "first_id": data[0]["id"] if data else None,
            "last_id": data[-1]["id"] if data else None,
            "has_more": start + limit < len(items),
        }
        return parse_list_answer(json.dumps(answer).encode(), thread_id="thread")

    def feed(self, *, first_limit: int = 30, limit: int = 30) -> Feed:
        return Feed(self.fetch, first_limit=first_limit, limit=limit)


def talk(count: int) -> ThreadOnServer:
    """Return a thread of short messages with their numbers."""
    return ThreadOnServer([message(n, f"message number {n}") for n in range(count)])
