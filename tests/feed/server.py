"""A list of rows behind cursors; a test decides when and in which order it responds."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from chatkit_tui.errors import UnknownCursorError
from chatkit_tui.feed import Order
from chatkit_tui.feed.feed import Feed
from chatkit_tui.feed.feed_side import Side
from chatkit_tui.models.page import Page
from chatkit_tui.sources.http.response import parse_list_answer


@dataclass
class Dialect:
    """How a server departs from its documents."""

    last_id: bool = True
    has_more: bool = True
    inclusive: bool = False
    """A page begins with the row of its cursor."""
    endless: bool = False
    """The last page has `has_more`, and the page after it is empty."""
    circular: bool = False
    """Behind the last row it begins again."""


@dataclass
class Call:
    """A request that waits for its answer."""

    after: str | None
    order: Order
    limit: int
    asked_for: Page | Exception
    """What the list looked like when the request left."""
    answer: asyncio.Future[Page | Exception] = field(default_factory=asyncio.Future)


class ListServer:
    """Rows named by number, oldest first. With `held`, calls wait for `release`."""

    def __init__(
        self, count: int = 0, *, dialect: Dialect | None = None, held: bool = False
    ) -> None:
        self.dialect = dialect or Dialect()
        self.held = held
        self.rows: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self.waiting: list[Call] = []
        self._born = 0
        self.add(count)

    @property
    def ids(self) -> list[str]:
        """The ids on the server, oldest first."""
        return [row["id"] for row in self.rows]

    def add(self, count: int) -> None:
        """New rows, each newer than all before."""
        self.rows += [{"id": f"row{self._born + step}"} for step in range(count)]
        self._born += count

    def delete(self, *identifiers: str) -> None:
        """Rows that are gone from now on, as cursors too."""
        self.rows = [row for row in self.rows if row.get("id") not in identifiers]

    async def fetch(self, *, after: str | None, order: Order, limit: int) -> Page:
        """What a feed is given."""
        call = Call(after, order, limit, self._page(after, order, limit))
        self.calls.append(call)
        if self.held:
            self.waiting.append(call)
            try:
                answer = await call.answer
            finally:
                if call in self.waiting:
                    self.waiting.remove(call)
        else:
            answer = call.asked_for
        if isinstance(answer, Exception):
            raise answer
        return answer

    def release(self, index: int = 0, *, late: bool = False) -> None:
        """Answer a waiting call: from the list as it was when asked, or with `late` as it is."""
        call = self.waiting.pop(index)
        call.answer.set_result(
            self._page(call.after, call.order, call.limit) if late else call.asked_for
        )

    def fail(self, error: Exception, index: int = 0) -> None:
        """Let a waiting call fail."""
        self.waiting.pop(index).answer.set_result(error)

    def _page(self, after: str | None, order: Order, limit: int) -> Page | Exception:
        rows = self.rows if order == "asc" else self.rows[::-1]
        start = 0
        if after is not None:
            places = [place for place, row in enumerate(rows) if row.get("id") == after]
            if not places:
                return UnknownCursorError("unknown cursor")
            start = places[-1] + (not self.dialect.inclusive)
        if self.dialect.circular and start >= len(rows):
            start = 0
        shown = rows[start : start + limit]
        more = start + limit < len(rows) or self.dialect.endless or self.dialect.circular
        return page(
            shown,
            has_more=more if self.dialect.has_more else None,
            last_id=shown[-1].get("id") if self.dialect.last_id and shown else None,
        )


def page(
    rows: list[dict[str, Any]], *, has_more: bool | None = False, last_id: str | None = None
) -> Page:
    """A list answer; without `has_more` when None."""
    body: dict[str, Any] = {"object": "list", "data": rows, "last_id": last_id}
    if has_more is not None:
        body["has_more"] = has_more
    return parse_list_answer(json.dumps(body).encode())


async def turns(count: int = 12) -> None:
    """Let the event loop run what is ready; no time passes."""
    for _ in range(count):
        await asyncio.sleep(0)


async def load_all(feed: Feed, *sides: Side) -> None:
    """Load the given sides by turns, by default the old one, until the first is at its end."""
    first, *others = sides or (Side.OLD,)
    while feed.can_grow(first):
        for side in (first, *others):
            await feed.load(side)
