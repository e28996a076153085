"""All that is known of an item, in sections of rows that can be copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from chatkit_tui.document.blocks import Block, Paragraph, indented
from chatkit_tui.document.from_item import LARGEST, action_blocks
from chatkit_tui.document.from_json import NotJSONError
from chatkit_tui.document.safe_text import safe_spans, text_pieces
from chatkit_tui.document.sources import sources_of
from chatkit_tui.document.spans import DIM, Line, address, untrusted
from chatkit_tui.inspection.json_tree import JsonTree
from chatkit_tui.models.items import GeneratedImageItem, Item, UserMessage, WidgetItem
from chatkit_tui.models.json import dump_json
from chatkit_tui.models.parts import Attachment
from chatkit_tui.models.widgets import actions, read_widget
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import copied_text, facts_blocks, item_blocks, item_facts
from chatkit_tui.render.layout import arrange
from chatkit_tui.text.links import safe_link

LARGEST_TREE: Final = 20_000_000
"""Bytes of JSON up to which it is shown as a tree."""


class DetailRow(NamedTuple):
    """A line of the page. Several lines can belong to one value."""

    line: Line
    value: str = ""
    """What copying takes, untrusted; empty for nothing."""
    address: str | None = None
    """The address of the line in the form of `safe_link`."""


class Section(NamedTuple):
    """A heading and the rows below it."""

    title: str
    rows: list[DetailRow]


def item_sections(item: Item, context: RenderContext, width: int) -> list[Section]:
    """Return the sections above the JSON, without those that would be empty."""
    sections = (
        Section("item", list(_facts(item, context, width))),
        Section("drawn", list(_drawn(item, context, width))),
        Section("actions", list(_actions(item, context, width))),
        Section("sources", list(_sources(item, context, width))),
        Section("image", list(_image(item, context, width))),
        Section("attachments", list(_attachments(item, context, width))),
    )
    return [section for section in sections if section.rows]


def json_tree(item: Item) -> JsonTree | str:
    """Return the JSON of an item as a tree, or why there is none."""
    if len(item.raw) > LARGEST_TREE:
        return f"{len(item.raw):,} bytes are too many to be folded"
    try:
        return JsonTree(item.raw.decode("utf-8-sig", "backslashreplace"))
    except NotJSONError as error:
        return str(error)


def _rows(
    blocks: Iterable[Block], width: int, context: RenderContext, value: str, link: str | None = None
) -> Iterator[DetailRow]:
    for line in arrange(blocks, width, open=True, plain=context.plain).lines:
        yield DetailRow(line, value, link)


def _facts(item: Item, context: RenderContext, width: int) -> Iterator[DetailRow]:
    facts = item_facts(item, context)
    for block, (_, value) in zip(facts_blocks(facts), facts, strict=True):
        yield from _rows((block,), width, context, value)


def _drawn(item: Item, context: RenderContext, width: int) -> Iterator[DetailRow]:
    text = copied_text(item, context) or "" if len(item.raw) <= LARGEST else ""
    return _rows(item_blocks(item, context), width, context, text)


def _actions(item: Item, context: RenderContext, width: int) -> Iterator[DetailRow]:
    if not isinstance(item, WidgetItem) or len(item.raw) > LARGEST:
        return
    for action in actions(read_widget(item.widget)):
        path = Paragraph((untrusted(f"{action.path} · {action.prop}", DIM),))
        blocks = (*action_blocks(action), indented(path))
        yield from _rows(blocks, width, context, dump_json(action.value))


def _sources(item: Item, context: RenderContext, width: int) -> Iterator[DetailRow]:
    for source in dict.fromkeys(
        (source.title or "", source.filename or "", source.id or "", source.url or "")
        for source in sources_of(item)
    ):
        *names, url = source
        yield from _named_address("  ".join(filter(None, names)), url, context, width)


def _image(item: Item, context: RenderContext, width: int) -> Iterator[DetailRow]:
    if isinstance(item, GeneratedImageItem) and item.image:
        yield from _named_address(item.image.id, item.image.url, context, width)


def _attachments(item: Item, context: RenderContext, width: int) -> Iterator[DetailRow]:
    if not isinstance(item, UserMessage):
        return
    for sent in item.attachments:
        if isinstance(sent, Attachment):
            words = (sent.name, sent.id, sent.type, sent.mime_type)
            names = "  ".join(word for word in words if word)
            yield from _named_address(names, sent.preview_url or "", context, width)


def _named_address(names: str, url: str, context: RenderContext, width: int) -> Iterator[DetailRow]:
    """Yield names of a source, and its address in full."""
    link = safe_link(url)
    blocks = [Paragraph((untrusted(names),))] if names else []
    if url:
        blocks.append(Paragraph((address(url),)))
    yield from _rows(blocks, width, context, url or names, link)


# -- addresses -------------------------------------------------------------------------------------


def addresses_of(item: Item) -> list[str]:
    """Return the addresses in an item that may be opened, each once, in the order of the text.

    They are in the form of `text.links.safe_link`: http, https or mailto, in ASCII.
    """
    pieces = text_pieces(item_blocks(item, RenderContext(now=0)))
    links = (span.style.link for piece in pieces for span in safe_spans(piece))
    return list(dict.fromkeys(link for link in links if link))
