"""The head of an exported conversation, and the heading of each of its items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from chatkit_tui.document.spans import Inline
from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.models.items import Item
from chatkit_tui.models.threads import read_thread
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import item_header, time_text
from chatkit_tui.text.plain import counted
from chatkit_tui.text.times import moment

if TYPE_CHECKING:
    from chatkit_tui.export.redaction.redactor import Redactor

GAP: Final = "(items that are not loaded are missing here)\n"


class ConversationHead(NamedTuple):
    """A thread, and how much of it follows. All texts are untrusted."""

    thread_id: str
    amount: str
    """How much follows, in words; only the caller knows whether that is all."""
    title: str = ""
    user: str = ""
    status: str = ""
    created: Timestamp | None = None
    fetched: float | None = None
    """When the items were loaded, in Unix seconds."""
    host: str = ""
    """Where they came from."""
    redacted: str = ""
    """Whether the text is redacted, in words."""

    def redact(self, redactor: Redactor) -> ConversationHead:
        """Return the head with its texts redacted, which it then says."""
        texts = (self.thread_id, self.title, self.user, self.status, self.host)
        thread_id, title, user, status, host = map(redactor.text, texts)
        return self._replace(
            thread_id=thread_id, title=title, user=user, status=status, host=host, redacted="yes"
        )

    def facts(self, context: RenderContext) -> Iterator[tuple[str, str]]:
        """Yield the names and values of what is known, apart from the title."""
        context = export_context(context)
        fetched = "" if self.fetched is None else moment(self.fetched, context.zone, precise=True)
        facts = (
            ("thread", self.thread_id),
            ("user", self.user),
            ("status", self.status),
            ("created", time_text(self.created, context) if self.created else ""),
            ("fetched", f"{fetched} from {self.host}" if fetched and self.host else fetched),
            ("items", self.amount),
            ("redacted", self.redacted),
        )
        return ((name, value) for name, value in facts if value)


def exported_head(exported: ExportedThread) -> ConversationHead:
    """Return the head of a whole file."""
    thread, facts = read_thread(exported.thread), exported.facts
    return ConversationHead(
        thread.id,
        _amount(exported),
        thread.title or "",
        thread.user or "",
        ": ".join(filter(None, (thread.status.type, thread.status.reason))),
        thread.time,
        facts.fetched_at,
        facts.source,
        "yes" if facts.is_redacted else "no",
    )


def _amount(exported: ExportedThread) -> str:
    """Return how many items are in a file, and whether these are all or why not. Untrusted."""
    count = counted(exported.item_count, "item")
    if exported.facts.is_complete:
        return f"all {count}" if exported.item_count else "no items"
    return f"{count}, incomplete: {exported.facts.incomplete_reason}"


def end_words(head: ConversationHead) -> str:
    """Return the last line of a file. Untrusted."""
    return f"end of {head.thread_id}: {head.amount}"


def export_context(context: RenderContext) -> RenderContext:
    """Return the context of text that leaves the program: dates instead of ages and no bar."""
    return context._replace(relative=False, bar=True, tables=True)


def item_heading(item: Item, context: RenderContext) -> tuple[tuple[Inline, ...], str]:
    """Return author, or tool with status, as running text, and the time in words."""
    context = export_context(context)
    return item_header(item, context), time_text(item.time, context)
