"""Thread items as blocks of untrusted text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from chatkit_tui.document.blocks import (
    Block,
    DeferredBlocks,
    Fold,
    Indented,
    Paragraph,
    Preformatted,
    Widget,
    indented,
    note,
    text_block,
)
from chatkit_tui.document.from_json import inline_json, json_blocks, value_blocks
from chatkit_tui.document.messages import assistant_message, user_message
from chatkit_tui.document.spans import (
    DIM,
    ELLIPSIS,
    END,
    FIELD,
    GROUP,
    HIDDEN_ITEM,
    LEADS_TO,
    PICTURE,
    SPEAKER,
    UNKNOWN,
    WARNING,
    WIDGET,
    Inline,
    Role,
    Span,
    Style,
    Symbol,
    address,
    data_as_words,
    spaced,
    untrusted,
)
from chatkit_tui.document.structured_input import (
    questions_blocks,
    questions_symbol,
    questions_title,
)
from chatkit_tui.document.tasks import (
    group_blocks,
    group_title,
    task_blocks,
    task_symbol,
    task_title,
)
from chatkit_tui.document.tool_call import tool_blocks, tool_line, tool_status, tool_title
from chatkit_tui.document.unknown_parts import invalid_fields
from chatkit_tui.document.values import read_value, readable_value
from chatkit_tui.models.items import (
    AssistantMessage,
    ClientToolCall,
    EndOfTurn,
    GeneratedImageItem,
    HiddenContext,
    Item,
    ItemBase,
    StructuredInputItem,
    Task,
    TaskGroup,
    UnknownItem,
    UserMessage,
    WidgetItem,
)
from chatkit_tui.models.json import dump_json
from chatkit_tui.models.widgets import (
    Action,
    WidgetTree,
    count_payloads,
    images,
    iterate_actions,
    read_widget,
)
from chatkit_tui.text.links import data_words, file_name
from chatkit_tui.text.plain import counted

LARGEST: Final = 1_000_000
"""Bytes of JSON up to which an item is read in full."""
LARGE_SHOWN: Final = 50_000
"""Bytes of JSON that are shown of a larger item."""
CARD_LINES: Final = 12
"""Lines of an unknown item that are shown before the user opens it."""
PAYLOAD_LINE: Final = 60
"""Characters of the longest payload on the line of its action."""
PAYLOAD_BELOW: Final = 94
"""Characters of the longest payload on a line below its action, as wide as text is at most."""
WIDEST_NAME: Final = 24
"""Cells of the column for the file names of images."""


class Kind(NamedTuple):
    """How an item of one type becomes a document. The functions take an item of that type."""

    word: str
    """What the header calls the type; "" where the title says it."""
    role: Role
    blocks: Callable[[Any], tuple[Block, ...]]
    """The body."""
    symbol: Callable[[Any], Symbol]
    title: Callable[[Any], tuple[Inline, ...]] = lambda _: ()
    """Further words in the header."""
    line: Callable[[Any, int], tuple[Inline, ...]] | None = None
    """The whole item on one line of a number of cells, which is all that is shown at first."""


def from_item(item: Item) -> tuple[Block, ...]:
    """Return the body of an item, then its invalid fields."""
    if len(item.raw) > LARGEST:
        return _large_item(item)
    blocks: tuple[Block, ...] = KINDS[type(item)].blocks(item)
    return (*blocks, *invalid_fields(item.problems)) if item.problems else blocks


# -- widgets ---------------------------------------------------------------------------------------


def _widget(item: WidgetItem) -> tuple[Block, ...]:
    if not item.widget:
        return (note("(no widget)"),)
    tree = read_widget(item.widget)
    if tree.root is None:
        problem = WARNING.span(after=f" {tree.problem}, shown as it came")
        shown = Fold((text_block(item.widget, Style("code")),))
        return (Paragraph((problem,)), shown, *_copy_text(item))
    blocks: tuple[Block, ...] = (Widget(tree.root),)
    if tree.left_out:
        omitted = f" {tree.left_out:,} more components are left out here"
        blocks += (Paragraph((ELLIPSIS.span(after=omitted),)),)
    return (*blocks, *_images(tree), *_copy_text(item), *_payloads(tree))


def _copy_text(item: WidgetItem) -> tuple[Block, ...]:
    """The text that stands for the widget where it is copied, folded."""
    if not item.copy_text:
        return ()
    label = Span("copied as   ", DIM)
    text = Indented((text_block(item.copy_text),), label, Span(" " * len(label.text)))
    return (Fold((text,), 0, rest=ELLIPSIS.span(after=" text for copying")),)


def _images(tree: WidgetTree) -> tuple[Block, ...]:
    """The file names and addresses of the images, folded unless it is one line."""
    sources = images(tree)
    if not sources:
        return ()
    names = ["" if data_words(source) else file_name(source) for source in sources]
    width = min(WIDEST_NAME, max(map(len, names)))
    rows = tuple(
        Paragraph(
            (untrusted(name, DIM), Span(" " * max(3, width + 3 - len(name))), address(source))
        )
        if name not in ("", source)
        else Paragraph((address(source),))
        for name, source in zip(names, sources, strict=True)
    )
    count = counted(len(sources), "image")
    listed = Indented(rows, Span(f"{count}   ", DIM), Span(" " * (len(count) + 3), DIM))
    return (Fold((listed,), 0, rest=ELLIPSIS.span(after=f" {count}")),)


def _payloads(tree: WidgetTree) -> tuple[Block, ...]:
    """The payloads of the actions, folded: the user of the widget may never have seen them."""
    sending = count_payloads(tree)
    if not sending:
        return ()
    count = "1 action sends" if sending == 1 else f"{sending} actions send"

    def blocks() -> Iterator[Block]:
        yield Paragraph((Span(f"{count} a payload", DIM),))
        for action in iterate_actions(tree):
            if action.payload is not None:
                yield indented(*action_blocks(action))

    rest = ELLIPSIS.span(after=f" {count} a payload")
    return (Fold(DeferredBlocks(blocks), 0, rest=rest),)


def action_blocks(action: Action) -> tuple[Block, ...]:
    """Return one action: its label, its type, its handler and its payload."""
    spans: list[Inline] = []
    if action.label:
        spans += (untrusted(action.label, Style(bold=True)), LEADS_TO.span(" "))
    spans.append(untrusted(action.type or "unnamed action", FIELD))
    if action.handler:
        spans.append(untrusted(f" ({action.handler})", DIM))
    head = Paragraph(tuple(spans))
    if action.payload is None:
        return (head,)
    text = data_as_words(dump_json(action.payload))
    if len(text) > PAYLOAD_BELOW:
        return (head, indented(*json_blocks(text)))
    line = inline_json(read_value(text))
    if len(text) > PAYLOAD_LINE:
        return (head, indented(Paragraph(tuple(line))))
    return (Paragraph((*spans, Span("  "), *line)),)


# -- images, turns and hidden context --------------------------------------------------------------


def _image(item: GeneratedImageItem) -> tuple[Block, ...]:
    image = item.image
    if image is None:
        return (note("(no image yet)"),)
    spans = spaced(address(image.url), untrusted(image.id, DIM))
    return (Paragraph(spans),) if spans else (note("(an image without an address)"),)


_HIDDEN_WORDS: Final = {
    "hidden_context_item": "context for the model, never sent to the user",
    "sdk_hidden_context": "context of the server's package, never sent to the user",
}


def _hidden_title(item: HiddenContext) -> tuple[Inline, ...]:
    return (Span(_HIDDEN_WORDS[item.kind], DIM),)


def _hidden(item: HiddenContext) -> tuple[Block, ...]:
    if isinstance(item.content, str):
        return (text_block(item.content),)
    return (note("(no content)"),) if item.content is None else readable_value(item.content)


# -- unknown and large -----------------------------------------------------------------------------


def _unknown_item(item: UnknownItem) -> tuple[Block, ...]:
    """The JSON of an item of unknown type, or its text if it is not JSON."""
    return (Fold(json_blocks(item.raw) if item.raw else value_blocks(item.value), CARD_LINES),)


def _large_item(item: Item) -> tuple[Block, ...]:
    size = Paragraph((Span(f"{len(item.raw):,} bytes, too large to be drawn", Style("bad")),))
    beginning = item.raw[:LARGE_SHOWN].decode("utf-8", "replace").split("\n")
    rest = f"({len(item.raw) - LARGE_SHOWN:,} more bytes are in its raw JSON)"
    lines = Preformatted(tuple((untrusted(line.removesuffix("\r")),) for line in beginning))
    return (size, Fold((lines, note(rest)), CARD_LINES))


KINDS: Final[dict[type[ItemBase], Kind]] = {
    UserMessage: Kind("user", "user", user_message, lambda _: SPEAKER),
    AssistantMessage: Kind("assistant", "assistant", assistant_message, lambda _: SPEAKER),
    WidgetItem: Kind("widget", "widget", _widget, lambda _: WIDGET),
    ClientToolCall: Kind(
        "", "tool", tool_blocks, lambda item: tool_status(item)[0], tool_title, tool_line
    ),
    Task: Kind("", "task", task_blocks, task_symbol, task_title),
    TaskGroup: Kind("", "task", group_blocks, lambda _: GROUP, group_title),
    GeneratedImageItem: Kind("image", "widget", _image, lambda _: PICTURE),
    StructuredInputItem: Kind("", "widget", questions_blocks, questions_symbol, questions_title),
    EndOfTurn: Kind("end of turn", "dim", lambda _: (), lambda _: END),
    HiddenContext: Kind(
        "hidden",
        "dim",
        _hidden,
        lambda _: HIDDEN_ITEM,
        _hidden_title,
        lambda item, _: _hidden_title(item),
    ),
    UnknownItem: Kind(
        "unknown",
        "unknown",
        _unknown_item,
        lambda _: UNKNOWN,
        lambda item: (untrusted(item.kind or "no type", Style("unknown", bold=True)),),
    ),
}
"""Every type of item; a new one is one entry and one function."""
