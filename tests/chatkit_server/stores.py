"""Five kinds of store, as teams write them: in memory, in SQLite, and less careful ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import TypeAdapter

from tests.chatkit_package import store, types

T = TypeVar("T")

_ITEM: Final[TypeAdapter[Any]] = TypeAdapter(types.ThreadItem)


class Caller(NamedTuple):
    """Who asks, and therefore whose threads there are."""

    user: str | None = None
    """None for everybody's."""


@dataclass
class Conversation:
    """A thread with its items, oldest first."""

    owner: str
    thread: types.ThreadMetadata
    items: list[Any] = field(default_factory=list)

    def is_visible(self, caller: Caller) -> bool:
        return caller.user in (None, self.owner)


class MemoryStore(store.Store[Caller]):
    """Cursors are ids. What is missing is an exception."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        """By the id of the thread, oldest first."""
        self.writes: list[str] = []
        """The calls that changed something."""

    def close(self) -> None:
        """Close what the store has open."""

    def add(self, owner: str, thread: types.ThreadMetadata, items: Sequence[Any] = ()) -> None:
        """Add a conversation, as the newest one."""
        self.conversations[thread.id] = Conversation(owner, thread, list(items))

    def extend(self, thread_id: str, items: Sequence[Any]) -> None:
        """Add items to a thread, as the newest ones."""
        self.conversations[thread_id].items.extend(items)

    def cut(self, rows: list[T], after: str | None, limit: int, order: str) -> types.Page[T]:
        """Return a page of rows, which are given oldest first."""
        rows = rows[::-1] if order == "desc" else rows
        start = self.place(rows, after) if after else 0
        page = rows[start : start + limit]
        end = start + len(page)
        if end >= len(rows):
            return types.Page(data=page)
        return types.Page(data=page, has_more=True, after=self.cursor(page, end))

    def place(self, rows: Sequence[Any], after: str) -> int:
        """Return where the rows after a cursor begin."""
        for place, row in enumerate(rows):
            if row.id == after:
                return place + 1
        raise store.NotFoundError(f"no row {after}")

    def cursor(self, page: Sequence[Any], end: int) -> str:
        """Return the cursor of a page that ends before the row `end`."""
        return str(page[-1].id)

    def found(self, thread_id: str, caller: Caller) -> Conversation:
        """Return a conversation. Raise `NotFoundError` if the caller has none of this id."""
        conversation = self.conversations.get(thread_id)
        if conversation is None or not conversation.is_visible(caller):
            raise store.NotFoundError(f"no thread {thread_id}")
        return conversation

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Caller
    ) -> types.Page[types.ThreadMetadata]:
        visible = [it.thread for it in self.conversations.values() if it.is_visible(context)]
        return self.cut(visible, after, limit, order)

    async def load_thread(self, thread_id: str, context: Caller) -> types.ThreadMetadata:
        return self.found(thread_id, context).thread.model_copy(deep=True)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Caller
    ) -> types.Page[Any]:
        return self.cut(self.found(thread_id, context).items, after, limit, order)

    async def load_item(self, thread_id: str, item_id: str, context: Caller) -> Any:
        items = self.found(thread_id, context).items
        return items[self.place(items, item_id) - 1]

    async def delete_thread(self, thread_id: str, context: Caller) -> None:
        self.found(thread_id, context)
        self.writes.append(f"delete {thread_id}")
        del self.conversations[thread_id]

    async def save_thread(self, thread: types.ThreadMetadata, context: Caller) -> None:
        self.writes.append(f"save {thread.id}")
        if thread.id in self.conversations:
            self.conversations[thread.id].thread = thread
        else:
            self.add(context.user or "", thread)

    async def add_thread_item(self, thread_id: str, item: Any, context: Caller) -> None:
        self.writes.append(f"add {item.id}")
        self.extend(thread_id, [item])

    async def save_item(self, thread_id: str, item: Any, context: Caller) -> None:
        self.writes.append(f"save {item.id}")

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Caller) -> None:
        self.writes.append(f"delete {item_id}")

    async def save_attachment(self, attachment: Any, context: Caller) -> None:
        self.writes.append(f"save {attachment.id}")

    async def load_attachment(self, attachment_id: str, context: Caller) -> Any:
        raise store.NotFoundError(f"no attachment {attachment_id}")

    async def delete_attachment(self, attachment_id: str, context: Caller) -> None:
        self.writes.append(f"delete {attachment_id}")


class OffsetStore(MemoryStore):
    """Cursors are numbers of rows: no id is one, and none is refused if it is a number."""

    def place(self, rows: Sequence[Any], after: str) -> int:
        return int(after)

    def cursor(self, page: Sequence[Any], end: int) -> str:
        return str(end)


class CarelessStore(MemoryStore):
    """Nothing is ever missing.

    An unknown cursor means the beginning, an unknown thread has no items, is created where it is
    asked for by its id, and is deleted with success.
    """

    def place(self, rows: Sequence[Any], after: str) -> int:
        return next((place + 1 for place, row in enumerate(rows) if row.id == after), 0)

    def found(self, thread_id: str, caller: Caller) -> Conversation:
        made = types.ThreadMetadata(id=thread_id, created_at=datetime.now(UTC))
        return self.conversations.get(thread_id) or Conversation("", made)

    async def load_thread(self, thread_id: str, context: Caller) -> types.ThreadMetadata:
        thread = await super().load_thread(thread_id, context)
        if thread_id not in self.conversations:
            await self.save_thread(thread, context)
        return thread

    async def delete_thread(self, thread_id: str, context: Caller) -> None:
        self.writes.append(f"delete {thread_id}")
        self.conversations.pop(thread_id, None)


class WholeStore(MemoryStore):
    """Every list is given whole and oldest first, whatever is asked."""

    def cut(self, rows: list[T], after: str | None, limit: int, order: str) -> types.Page[T]:
        return types.Page(data=rows)


class DeafStore(MemoryStore):
    """Every cursor is ignored, so that each page is the first one."""

    def place(self, rows: Sequence[Any], after: str) -> int:
        return 0


class AscendingStore(MemoryStore):
    """Every list is in pages and oldest first, whatever order is asked for."""

    def cut(self, rows: list[T], after: str | None, limit: int, order: str) -> types.Page[T]:
        return super().cut(rows, after, limit, "asc")


class SQLiteStore(MemoryStore):
    """Two tables, with the JSON of a row in a column. Pages begin behind the rowid of a cursor."""

    def __init__(self, path: str = ":memory:") -> None:
        super().__init__()
        self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._base.executescript(
            "create table chat_threads (id text primary key, owner text, created text, body text);"
            "create table chat_items (id text primary key, thread text, created text, body text);"
        )

    def close(self) -> None:
        self._base.close()

    def add(self, owner: str, thread: types.ThreadMetadata, items: Sequence[Any] = ()) -> None:
        values = (thread.id, owner, thread.created_at.isoformat(), thread.model_dump_json())
        self._base.execute("insert or replace into chat_threads values (?, ?, ?, ?)", values)
        self.extend(thread.id, items)

    def extend(self, thread_id: str, items: Sequence[Any]) -> None:
        self._base.executemany(
            "insert into chat_items values (?, ?, ?, ?)",
            [(it.id, thread_id, it.created_at.isoformat(), it.model_dump_json()) for it in items],
        )

    def found(self, thread_id: str, caller: Caller) -> Conversation:
        row = self._base.execute(
            "select owner, body from chat_threads where id = ?", (thread_id,)
        ).fetchone()
        if row is not None and caller.user in (None, row[0]):
            return Conversation(row[0], types.ThreadMetadata.model_validate_json(row[1]))
        raise store.NotFoundError(f"no thread {thread_id}")

    def _page(
        self, table: str, where: str, value: str | None, after: str | None, limit: int, order: str
    ) -> types.Page[str]:
        """Return a page of the JSON of rows of which a column has a value, if one is given."""
        beyond = "<" if order == "desc" else ">"
        rows = self._base.execute(
            f"select id, body from {table} where (:value is null or {where} = :value)"  # noqa: S608
            f" and (:after is null or rowid {beyond} (select rowid from {table} where id = :after))"
            f" order by rowid {order} limit :limit + 1",
            {"value": value, "after": after, "limit": limit},
        ).fetchall()
        data = [body for _, body in rows[:limit]]
        if len(rows) <= limit:
            return types.Page(data=data)
        return types.Page(data=data, has_more=True, after=rows[limit - 1][0])

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Caller
    ) -> types.Page[types.ThreadMetadata]:
        page = self._page("chat_threads", "owner", context.user, after, limit, order)
        data = [types.ThreadMetadata.model_validate_json(body) for body in page.data]
        return types.Page(data=data, has_more=page.has_more, after=page.after)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Caller
    ) -> types.Page[Any]:
        self.found(thread_id, context)
        page = self._page("chat_items", "thread", thread_id, after, limit, order)
        data = [_ITEM.validate_json(body) for body in page.data]
        return types.Page(data=data, has_more=page.has_more, after=page.after)

    async def delete_thread(self, thread_id: str, context: Caller) -> None:
        self.found(thread_id, context)
        self.writes.append(f"delete {thread_id}")
        self._base.execute("delete from chat_items where thread = ?", (thread_id,))
        self._base.execute("delete from chat_threads where id = ?", (thread_id,))

    async def save_thread(self, thread: types.ThreadMetadata, context: Caller) -> None:
        self.writes.append(f"save {thread.id}")
        self.add(context.user or "", thread)


STORES: Final[dict[str, Callable[[], MemoryStore]]] = {
    "memory": MemoryStore,
    "sqlite": SQLiteStore,
    "offset": OffsetStore,
    "careless": CarelessStore,
    "whole": WholeStore,
}
