"""What can be copied of a thread or an item, by the names of the copy menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.terminal.clipboard import Source, json_for_copy
from chatkit_tui.text.plain import counted

if TYPE_CHECKING:
    from chatkit_tui.export.outgoing import Conversation
    from chatkit_tui.export.redaction.redactor import Redactor
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.render import RenderContext
    from chatkit_tui.ui.actions import ActionHost
    from chatkit_tui.ui.threads.rows import Row

WHOLE: Final = frozenset({"whole text", "whole Markdown"})
"""The sources that need every item of the conversation."""


def sources(
    host: ActionHost, conversation: Conversation | None, redactor: Redactor | None
) -> list[Source]:
    """Return what can be copied in the pane with the focus, redacted if there is a redactor."""
    if host.where is Pane.TRANSCRIPT:
        return list(_item_sources(host, conversation, redactor))
    found = _thread_sources(host)
    return [_redacted(source, redactor) for source in found] if redactor else list(found)


def _redacted(source: Source, redactor: Redactor) -> Source:
    """Return a source of JSON or of text as it came, redacted."""

    def text() -> str:
        if source.name == "raw JSON":
            return redactor.raw(source.text().encode("utf-8", "replace")).decode()
        return redactor.text(source.text())

    return Source(source.name, redactor.text(source.excerpt), text)


def _thread_sources(host: ActionHost) -> Iterator[Source]:
    """Yield what can be copied in the list, in the order of the menu."""
    from chatkit_tui.export.hand_off import reopening_command

    row = host.threads.list.current
    own = {source.name: source for source in host.threads.copyable()}
    marked = "\n".join(each.id for each in host.threads.chosen)
    if host.threads.marks:
        own["thread id"] = Source("thread id", counted(len(host.threads.marks), "marked thread"),
            partial(str, marked))  # fmt: skip
    yield from own.values()
    if row is not None:
        yield from _of_thread(host, row)
        if row.id and (command := reopening_command(host.options.reopen, row.id)):
            yield Source.of("reopen command", command)


def _of_thread(host: ActionHost, row: Row) -> Iterator[Source]:
    """Yield the user and the address of the log, if they are known."""
    from chatkit_tui.export.hand_off import log_address

    if row.user:
        yield Source.of("user", row.user)
    if row.id and (log := log_address(host.options.source.host, row.id)):
        yield Source.of("log address", log)


def _item_sources(
    host: ActionHost, conversation: Conversation | None, redactor: Redactor | None
) -> Iterator[Source]:
    """Yield what can be copied in the transcript: of the marked items, else of the cursor's."""
    from chatkit_tui.export.hand_off import HandOff

    pane = host.transcript
    entry, context, thread = pane.view.entry(), pane.view.context, pane.row
    marked = pane.view.marked()
    rows = marked or ([entry] if entry is not None else [])
    before, after = _neighbors(conversation, rows) if conversation else (None, None)
    own = {source.name: source for source in pane.copyable()}
    if redactor is not None:
        own = {name: _redacted(source, redactor) for name, source in own.items()}
        context = context._replace(user=redactor.text(context.user))
        rows = [redactor.row(row) for row in rows]
        before, after = before and redactor.row(before), after and redactor.row(after)
    if marked:
        ids = [row.id for row in rows if row.id]
        own |= _of_marked(rows, context)
        own.pop("item id", None)
        if ids:
            own["item id"] = Source("item id", counted(len(ids), "id"), partial("\n".join, ids))
    formed = _formed(rows, context) if rows else {}
    excerpt = own["text"].excerpt if "text" in own else ""
    for name in ("text", "text and author", "Markdown", "raw JSON", "item id", "thread id"):
        if name in own:
            yield own[name]
        elif name in formed:
            yield Source(name, excerpt, formed[name])
    if thread is None:
        return
    beside = {
        source.name: _redacted(source, redactor) if redactor else source
        for source in (*_of_thread(host, thread), *_reopening(host, thread, rows))
    }
    command = beside.pop("reopen command", None)
    yield from beside.values()
    if conversation is not None:
        for name, text in whole_texts(conversation, context, redactor).items():
            yield Source(name, conversation.head.amount, text)
    if command is not None:
        yield command
    if conversation is None or not thread.id:
        return
    head = conversation.head.redact(redactor) if redactor else conversation.head
    log = beside.get("log address")
    hand_off = HandOff(head, rows, before, after, log and log.text(), command and command.text())
    words = "ids, times, the item and its neighbors, how to reopen"
    yield Source("hand-off", words, partial(hand_off.text, context))


def _of_marked(rows: Sequence[RawRow], context: RenderContext) -> dict[str, Source]:
    from chatkit_tui.export.hand_off import texts_of

    def json_lines() -> str:
        return "".join(f"{json_for_copy(row.raw)}\n" for row in rows)

    amount = counted(len(rows), "marked item")
    texts: dict[str, Callable[[], str]] = {
        "text": partial(texts_of, rows, context),
        "raw JSON": json_lines,
    }
    return {name: Source(name, amount, text) for name, text in texts.items()}


def _formed(rows: Sequence[RawRow], context: RenderContext) -> dict[str, Callable[[], str]]:
    from chatkit_tui.export.hand_off import texts_of
    from chatkit_tui.export.markdown import item_markdown
    from chatkit_tui.models.items import read_item

    def markdown() -> str:
        return "\n".join(item_markdown(read_item(row), context) for row in rows)

    return {"text and author": partial(texts_of, rows, context), "Markdown": markdown}


def whole_texts(
    conversation: Conversation, context: RenderContext, redactor: Redactor | None = None
) -> dict[str, Callable[[], str]]:
    """Return what makes the text of a conversation, by the names in `WHOLE`."""
    from chatkit_tui.export.outgoing import Form, conversation_pieces

    def text(form: Form) -> str:
        outgoing = conversation.redact(redactor) if redactor else conversation
        return b"".join(conversation_pieces(outgoing, form, context)).decode()

    return {
        "whole text": partial(text, Form.TEXT),
        "whole Markdown": partial(text, Form.MARKDOWN),
    }


def _reopening(host: ActionHost, thread: Row, rows: Sequence[RawRow]) -> Iterator[Source]:
    """Yield the command that reopens the place."""
    from chatkit_tui.export.hand_off import reopening_command

    item_id = next((row.id for row in rows if row.id), None)
    command = reopening_command(host.options.reopen, thread.id, item_id) if thread.id else None
    if command is not None:
        yield Source.of("reopen command", command)


def _neighbors(
    conversation: Conversation, rows: Sequence[RawRow]
) -> tuple[RawRow | None, RawRow | None]:
    """Return the loaded items directly before and after some items."""
    if not rows:
        return None, None
    sides = [conversation.before_gap, conversation.after_gap]
    if conversation.is_whole:
        sides = [list(conversation.rows())]
    before = after = None
    for side in sides:
        places = {row.key: place for place, row in enumerate(side)}
        if first := places.get(rows[0].key):
            before = side[first - 1]
        last = places.get(rows[-1].key)
        if last is not None and last + 1 < len(side):
            after = side[last + 1]
    return before, after
