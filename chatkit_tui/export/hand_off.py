"""A summary for a ticket: the item, where it is, and how to open it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from chatkit_tui.export.heading import ConversationHead
from chatkit_tui.export.text import LABEL, head_text, item_text
from chatkit_tui.models.items import read_item
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.references import read_reference
from chatkit_tui.render import RenderContext

_LOGS: Final = {"api.openai.com": "https://platform.openai.com/logs/"}
"""Where the vendor shows a thread, by the host of the API."""


def log_address(host: str, thread_id: str) -> str | None:
    """Return the address of a thread in the vendor's dashboard; None if it is not known."""
    address = _LOGS.get(host)
    if address is None or not thread_id.isascii() or not thread_id.replace("_", "").isalnum():
        return None
    return f"{address}{thread_id}"


def reopening_command(
    source: Sequence[str], thread_id: str, item_id: str | None = None
) -> str | None:
    """Return a command line for a shell that opens a thread, at an item.

    `source` are the options that select the source. Return None if no command line can have the id.
    """
    try:
        if read_reference(thread_id).id != thread_id:
            return None
        at_item = ["--item", item_id] if item_id and read_reference(item_id).id == item_id else []
    except ValueError:
        return None
    words = ["chatkit-tui", "browse", *source, *at_item, "--", thread_id]
    if thread_id.startswith("cthr_"):
        words = ["chatkit-tui", *source, thread_id, *at_item]
    return shlex.join(words)


class HandOff(NamedTuple):
    """A conversation, the items that matter in it, and what stands beside them."""

    head: ConversationHead
    rows: Sequence[RawRow]
    """The items, oldest first."""
    before: RawRow | None = None
    after: RawRow | None = None
    """The neighbors, if they are loaded."""
    log: str | None = None
    command: str | None = None

    def text(self, context: RenderContext) -> str:
        """Return the summary as text; may be called in a thread."""
        ids = ", ".join(row.id for row in self.rows if row.id)
        facts = (("item", ids), ("log", self.log or ""), ("reopen", self.command or ""))
        lines = "".join(f"{name.ljust(LABEL)}{value}\n" for name, value in facts if value)
        head = head_text(self.head, context, sanitized=False)
        return head + lines + "".join(self._parts(context))

    def _parts(self, context: RenderContext) -> Iterator[str]:
        parts = (
            ("before", (self.before,)),
            ("item" if len(self.rows) == 1 else "items", self.rows),
            ("after", (self.after,)),
        )
        for name, rows in parts:
            texts = texts_of((row for row in rows if row), context)
            yield f"\n--- {name} ---\n\n{texts}" if texts else ""


def texts_of(rows: Iterable[RawRow], context: RenderContext) -> str:
    """Return items as text with author and time, an empty line between them."""
    return "\n".join(item_text(read_item(row), context, sanitized=False) for row in rows)
