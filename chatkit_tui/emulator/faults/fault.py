"""What a fault is, and the two usual ways to make one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from chatkit_tui.emulator.calls import (
    CALLS,
    JSON,
    SESSIONS_CANCEL,
    SESSIONS_CREATE,
    THREADS_DELETE,
    THREADS_LIST,
    THREADS_LIST_ITEMS,
    THREADS_RETRIEVE,
    Answer,
    Call,
    Next,
)

Act: TypeAlias = Callable[[Call, Next], Awaitable[Answer]]
"""Takes a call and what would carry it on; gives the spoilt answer."""

Row: TypeAlias = dict[str, JSON]

ANY = CALLS
LISTS = (THREADS_LIST, THREADS_LIST_ITEMS)
THREADS = (THREADS_LIST, THREADS_RETRIEVE)
ITEMS = (THREADS_LIST_ITEMS,)
THREADS_AND_ITEMS = (*THREADS, *ITEMS)
SESSIONS = (SESSIONS_CREATE, SESSIONS_CANCEL)
DELETIONS = (THREADS_DELETE,)


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to go wrong, by name."""

    name: str
    says: str
    """One line: what happens on the wire."""
    calls: tuple[str, ...]
    """The calls that it concerns; others pass."""
    act: Act


def changed_answer(change: Callable[[Row], JSON]) -> Act:
    """Change the JSON of answers that succeed; `change` is given an object of its own."""

    async def act(call: Call, go: Next) -> Answer:
        answer = await go(call)
        if not answer.succeeded:
            return answer
        return replace(answer, content=change(dict(answer.content)))

    return act


def changed_rows(change: Callable[[Row], JSON]) -> Act:
    """Change every thread or item of an answer, whether it comes in a list or alone.

    `change` is given a copy of the row; rows of a list that become None are left out.
    """

    def changed(content: Row) -> JSON:
        if content.get("object") != "list":
            return change(content)
        rows = [change(dict(row)) for row in content["data"]]
        return {**content, "data": [row for row in rows if row is not None]}

    return changed_answer(changed)
