"""What can be piped or opened in another program: a part of a conversation, in a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from chatkit_tui.export.heading import ConversationHead
from chatkit_tui.export.json import item_json, list_json
from chatkit_tui.export.markdown import conversation_markdown, item_markdown
from chatkit_tui.export.text import conversation_text, encoded, item_text
from chatkit_tui.models.items import Item, read_item
from chatkit_tui.models.page import RawRow
from chatkit_tui.render import RenderContext

if TYPE_CHECKING:
    from chatkit_tui.export.redaction.redactor import Redactor


class Scope(StrEnum):
    """A part of a conversation; its value is its name for users."""

    MARKED = "marked items"
    ITEM = "item"
    LOADED = "loaded items"
    CONVERSATION = "conversation"


class Form(StrEnum):
    """The form of the output; its value is its name for users."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    JSON = "JSON"

    @property
    def suffix(self) -> str:
        """The suffix of a file."""
        return {Form.TEXT: ".txt", Form.MARKDOWN: ".md", Form.JSON: ".json"}[self]


class Outgoing(NamedTuple):
    """A part of a conversation in a form."""

    scope: Scope
    form: Form

    @property
    def words(self) -> str:
        return f"{self.scope} as {self.form}"


class Conversation(NamedTuple):
    """The rows of a conversation that are loaded, oldest first."""

    head: ConversationHead
    before_gap: Sequence[RawRow]
    after_gap: Sequence[RawRow] = ()
    is_whole: bool = False
    """Whether no row is missing, as far as the source said."""
    is_chosen: bool = False
    """Whether the user chose the rows among others, so that no gap is mentioned."""

    def redact(self, redactor: Redactor) -> Conversation:
        """Return the conversation redacted. Takes 0.2 ms for each row."""
        return self._replace(
            head=self.head.redact(redactor),
            before_gap=[redactor.row(row) for row in self.before_gap],
            after_gap=[redactor.row(row) for row in self.after_gap],
        )

    def rows(self) -> Iterator[RawRow]:
        yield from self.before_gap
        yield from self.after_gap


def item_pieces(row: RawRow, form: Form, context: RenderContext) -> Iterable[bytes]:
    """Return an item in pieces; may be called in a thread."""
    if form is Form.JSON:
        return (item_json(row),)
    made = item_text if form is Form.TEXT else item_markdown
    return encoded((made(read_item(row), context),))


def conversation_pieces(
    conversation: Conversation, form: Form, context: RenderContext
) -> Iterable[bytes]:
    """Yield a conversation in pieces; may be called in a thread."""
    if form is Form.JSON:
        return list_json(conversation.rows(), has_more=not conversation.is_whole)
    made = conversation_text if form is Form.TEXT else conversation_markdown
    return encoded(made(conversation.head, _items(conversation), context))


def _items(conversation: Conversation) -> Iterator[Item | None]:
    """Yield the items, and None where items between them are missing."""
    yield from map(read_item, conversation.before_gap)
    if not (conversation.is_whole or conversation.is_chosen):
        yield None
    yield from map(read_item, conversation.after_gap)
