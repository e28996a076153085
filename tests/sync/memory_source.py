"""A source whose threads a test changes at will, and which can be made to fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from chatkit_tui.errors import APIError, NotFoundError, UnknownCursorError
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources.base import Capability, ListQuery, SourceInfo, ThreadSource

PAGE_SIZE = 20
"""The most rows of a page, however many are asked for, so that few rows make several pages."""


class MemorySource(ThreadSource):
    """Threads in a dictionary, oldest first; items in lists, oldest first."""

    info = SourceInfo("memory")
    capabilities = frozenset({Capability.FILTER_BY_USER})

    def __init__(self) -> None:
        self.threads: dict[str, dict[str, Any]] = {}
        self.items: dict[str, list[dict[str, Any]]] = {}
        self.requests: list[tuple[str, ListQuery]] = []
        self.ignores_order = False
        """Whether every list comes newest first."""
        self.ignores_cursors = False
        """Whether every list begins at its beginning."""
        self.failures: dict[int, APIError] = {}
        """By the number of the request, from 1: what it raises."""

    def add_thread(self, name: str, created_at: int, items: int = 0, **fields: Any) -> None:
        """Add a thread with items of its own."""
        self.threads[name] = {"id": name, "created_at": created_at, "user": "ada", **fields}
        self.items[name] = []
        for _ in range(items):
            self.add_item(name)

    def add_item(self, name: str, **fields: Any) -> None:
        """Add an item to a thread."""
        number = len(self.items[name])
        item = {
            "id": f"{name}.{number}",
            "type": "chatkit.user_message",
            "created_at": self.threads[name]["created_at"] + number,
            "content": [{"type": "input_text", "text": f"text {number} of {name}"}],
        }
        self.items[name].append({**item, **fields})

    def delete(self, name: str) -> None:
        """Delete a thread."""
        del self.threads[name], self.items[name]

    async def list_threads(self, query: ListQuery) -> Page:
        rows = sorted(self.threads.values(), key=lambda row: row["created_at"])
        wanted = [row for row in rows if query.user in (None, row["user"])]
        return await self._page("threads", wanted, query)

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        if thread_id not in self.threads:
            await self._request(thread_id, query)
            raise NotFoundError("No such thread.", status=404)
        return await self._page(thread_id, self.items[thread_id], query)

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        return await self.list_items(thread_id, ListQuery(order="asc", after=known[-1].id))

    async def get_thread(
        self,
        thread_id: str,
        *,
        background: bool = False,  # noqa: ARG002
    ) -> RawRow:
        await self._request(f"get {thread_id}", ListQuery())
        if thread_id not in self.threads:
            raise NotFoundError("No such thread.", status=404)
        return Page.of_texts([json.dumps(self.threads[thread_id]).encode()]).rows[0]

    async def aclose(self) -> None:
        pass

    def raw_items(self, name: str) -> list[str]:
        """Return the JSON of a thread's items, as a page has it."""
        return [json.dumps(item) for item in self.items[name]]

    async def _request(self, name: str, query: ListQuery) -> None:
        self.requests.append((name, query))
        failure = self.failures.get(len(self.requests))
        await asyncio.sleep(0)
        if failure:
            raise failure

    async def _page(self, name: str, rows: Sequence[dict[str, Any]], query: ListQuery) -> Page:
        await self._request(name, query)
        if query.order != "asc" or self.ignores_order:
            rows = rows[::-1]
        ids = [row["id"] for row in rows]
        after = None if self.ignores_cursors else query.after
        if after is not None and after not in ids:
            raise UnknownCursorError("No such row.")
        start = ids.index(after) + 1 if after else 0
        end = start + min(query.limit or PAGE_SIZE, PAGE_SIZE)
        texts = [json.dumps(row).encode() for row in rows[start:end]]
        return Page.of_texts(texts, has_more=end < len(rows))
