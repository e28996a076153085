"""Thread items as blocks of untrusted text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from chatkit_tui.document.blocks import (
    Blank,
    Block,
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
from chatkit_tui.document.from_markdown import markdown_blocks
from chatkit_tui.document.spans import (
    ATTACHED,
    DIM,
    ELLIPSIS,
    FIELD,
    GROUP,
    LEADS_TO,
    QUOTE,
    SPEAKER,
    TASK,
    THOUGHT,
    UNKNOWN,
    WARNING,
    WIDGET,
    Inline,
    Role,
    Span,
    Style,
    Symbol,
    address,
    untrusted,
)
from chatkit_tui.document.tool_call import tool_blocks, tool_line, tool_status, tool_title
from chatkit_tui.models.fields import FieldError
from chatkit_tui.models.items import (
    Annotation,
    AssistantMessage,
    Attachment,
    ClientToolCall,
    GroupedTask,
    InputText,
    Item,
    ItemBase,
    OutputText,
    QuotedText,
    Task,
    TaskGroup,
    UnknownItem,
    UnknownPart,
    UserMessage,
    WidgetItem,
)
from chatkit_tui.models.json import dump_json
from chatkit_tui.models.widgets import Action, WidgetTree, actions, images, read_widget
from chatkit_tui.text.links import data_words, file_name
from chatkit_tui.text.plain import counted

LARGEST: Final = 1_000_000
"""Bytes of JSON up to which an item is read in full."""
LARGE_SHOWN: Final = 50_000
"""Bytes of JSON that are shown of a larger item."""
CARD_LINES: Final = 12
"""Lines of an unknown item that are shown before the user opens it."""
GROUP_LINES: Final = 8
"""Lines of a task group, likewise."""
PAYLOAD_LINE: Final = 60
"""Characters of the longest payload on the line of its action."""
WIDEST_NAME: Final = 24
"""Cells of the column for the file names of images."""
ADDRESS_LINES: Final = 2
"""Lines of an attachment's address, likewise; signed addresses can be very long."""

_TASK: Final = Style("task", bold=True)


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


# -- messages --------------------------------------------------------------------------------------


def _user_message(item: UserMessage) -> tuple[Block, ...]:
    return _separated(
        *(_part(part, markdown=False) for part in item.content),
        _sources(item),
        [block for sent in item.attachments for block in _attachment(sent)],
        _options(item),
    )


def _assistant_message(item: AssistantMessage) -> tuple[Block, ...]:
    return _separated(*(_part(part, markdown=True) for part in item.content), _sources(item))


def _separated(*groups: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of all groups, with an empty line between two groups."""
    blocks: list[Block] = []
    for group in groups:
        if group:
            blocks += (Blank(), *group) if blocks else group
    return tuple(blocks) or (note("(no content)"),)


def _part(
    part: InputText | QuotedText | OutputText | UnknownPart, *, markdown: bool
) -> tuple[Block, ...]:
    if isinstance(part, UnknownPart):
        return _unknown_part(part, "part")
    if isinstance(part, QuotedText):
        gutter = QUOTE.span()
        return (Indented((text_block(part.text, Style("quote")),), gutter, gutter),)
    if isinstance(part, OutputText) and markdown:
        return markdown_blocks(part.text)
    return (text_block(part.text),) if part.text else ()


def _attachment(sent: Attachment | UnknownPart) -> tuple[Block, ...]:
    if isinstance(sent, UnknownPart):
        return _unknown_part(sent, "attachment")
    name = untrusted(sent.name or sent.id or "a file without a name", Style("user", bold=True))
    kinds = untrusted(", ".join(filter(None, (sent.type, sent.mime_type))), DIM)
    blocks: tuple[Block, ...] = (Paragraph(_spaced(name, kinds)),)
    if sent.preview_url:
        blocks += (Fold((Paragraph((address(sent.preview_url),)),), ADDRESS_LINES),)
    return (Indented(blocks, ATTACHED.span(), Span("  ", DIM)),)


def _options(item: UserMessage) -> tuple[Block, ...]:
    options = item.inference_options
    if options is None:
        return ()
    spans: list[Inline] = []
    if options.model:
        spans += (Span("model ", FIELD), untrusted(options.model, DIM))
    if options.tool_choice and options.tool_choice.id:
        between = "   " if spans else ""
        spans += (Span(f"{between}tool ", FIELD), untrusted(options.tool_choice.id, DIM))
    return (Paragraph(tuple(spans)),) if spans else ()


def _spaced(*inlines: Inline) -> tuple[Inline, ...]:
    """Return the spans that have text, with space between them."""
    spans: list[Inline] = []
    for inline in inlines:
        if inline.text:
            spans += (Span("  "), inline) if spans else (inline,)
    return tuple(spans)


# -- sources of a message --------------------------------------------------------------------------


@dataclass(slots=True)
class _Source:
    """One source of a message, cited once or more."""

    kind: str
    """`file`, `url`, or another word of the server."""
    filename: str
    url: str
    titles: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    """The positions in the text where it is cited, if the server gives them."""

    def spans(self) -> tuple[Inline, ...]:
        return _spaced(
            untrusted(" / ".join(self.titles)),
            untrusted(self.filename),
            address(self.url),
            untrusted("" if self.kind in ("", "file", "url") else self.kind, DIM),
            untrusted(f"at {', '.join(self.places)}" if self.places else "", DIM),
        ) or (Span("a source without a name", DIM),)


def _distinct(annotations: Iterable[Annotation | UnknownPart]) -> list[_Source]:
    """Return the sources of annotations in the order of their first citation.

    Two annotations have the same source if kind, address and file name are the same, or, without
    the last two, the title.
    """
    found: dict[tuple[str, str, str, str], _Source] = {}
    for annotation in annotations:
        if isinstance(annotation, UnknownPart):
            continue
        source = annotation.source
        kind = source.type or annotation.type
        filename, url, title = source.filename or "", source.url or "", source.title or ""
        key = (kind, filename, url, "" if filename or url else title)
        entry = found.setdefault(key, _Source(kind, filename, url))
        place = (annotation.model_extra or {}).get("index")
        if title and title not in (*entry.titles, filename, url):
            entry.titles.append(title)
        if place is not None:
            word = place if isinstance(place, str) else dump_json(place)
            if word and word not in entry.places:
                entry.places.append(word)
    return list(found.values())


def _sources(item: UserMessage | AssistantMessage) -> tuple[Block, ...]:
    """The numbered list of sources below a message; empty without annotations."""
    texts = [part for part in item.content if isinstance(part, OutputText)]
    annotations = [annotation for part in texts for annotation in part.annotations]
    entries: list[tuple[Block, ...]] = [
        (Paragraph(source.spans()),) for source in _distinct(annotations)
    ]
    seen: list[UnknownPart] = []
    for annotation in annotations:
        if isinstance(annotation, UnknownPart) and annotation not in seen:
            seen.append(annotation)
            entries.append(_unknown_part(annotation, "annotation"))
    if not entries:
        return ()
    width = len(str(len(entries)))
    rest = Span(" " * (width + 3), DIM)
    return (
        note("sources" if len(entries) > 1 else "source"),
        *(
            Indented(blocks, Span(f" {number:>{width}}  ", Style("link")), rest)
            for number, blocks in enumerate(entries, 1)
        ),
    )


# -- widgets ---------------------------------------------------------------------------------------


def _widget(item: WidgetItem) -> tuple[Block, ...]:
    if not item.widget:
        return (note("(no widget)"),)
    tree = read_widget(item.widget)
    if tree.root is None:
        problem = WARNING.span(after=f" {tree.problem}, shown as it came")
        return (Paragraph((problem,)), Fold((text_block(item.widget, Style("code")),)))
    blocks: tuple[Block, ...] = (Widget(tree.root),)
    if tree.left_out:
        omitted = f" {tree.left_out:,} more components are left out here"
        blocks += (Paragraph((ELLIPSIS.span(after=omitted),)),)
    return (*blocks, *_images(tree), *_payloads(tree))


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
    sending = [action for action in actions(tree) if action.payload is not None]
    if not sending:
        return ()
    count = "1 action sends" if len(sending) == 1 else f"{len(sending)} actions send"
    head = Paragraph((Span(f"{count} a payload", DIM),))
    payloads = (indented(*action_blocks(action)) for action in sending)
    return (Fold((head, *payloads), 0, rest=ELLIPSIS.span(after=f" {count} a payload")),)


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
    if len(dump_json(action.payload)) <= PAYLOAD_LINE:
        return (Paragraph((*spans, Span("  "), *inline_json(action.payload))),)
    return (head, indented(*value_blocks(action.payload)))


# -- tasks -----------------------------------------------------------------------------------------


def _task_symbol(kind: str) -> Symbol:
    return THOUGHT if kind == "thought" else TASK


def _task_word(kind: str, ordinary: str = "") -> Inline:
    """Return what readers call a type of task; its own name if it is unknown."""
    words = {"thought": "thinking", "custom": ordinary}
    return Span(words[kind], _TASK) if kind in words else untrusted(kind, _TASK)


def _task(item: Task) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if item.heading:
        blocks.append(text_block(item.heading, Style(bold=True)))
    if item.summary:
        blocks.append(text_block(item.summary))
    return tuple(blocks) or (note("(no heading, no summary)"),)


def _group_title(item: TaskGroup) -> tuple[Inline, ...]:
    return (Span(counted(len(item.tasks), "task"), _TASK),)


def _task_group(item: TaskGroup) -> tuple[Block, ...]:
    blocks = tuple(_grouped(entry) for entry in item.tasks)
    return (Fold(blocks, GROUP_LINES),) if blocks else (note("(no tasks)"),)


def _grouped(entry: GroupedTask | UnknownPart) -> Block:
    if isinstance(entry, UnknownPart):
        return indented(*_unknown_part(entry, "task"))
    kind = _task_word(entry.type)._replace(style=DIM)
    heading = untrusted(entry.heading or "", Style(bold=True))
    blocks: list[Block] = []
    if entry.heading or kind.text:
        blocks.append(Paragraph(_spaced(heading, kind)))
    if entry.summary:
        blocks.append(text_block(entry.summary))
    if not blocks:
        blocks.append(note("(no heading, no summary)"))
    first = _task_symbol(entry.type).span(style=Style("task"))
    return Indented(tuple(blocks), first, Span("  ", DIM))


# -- unknown and invalid ---------------------------------------------------------------------------


def _unknown_item(item: UnknownItem) -> tuple[Block, ...]:
    """The JSON of an item of unknown type, or its text if it is not JSON."""
    return (Fold(json_blocks(item.raw) if item.raw else value_blocks(item.value), CARD_LINES),)


def _large_item(item: Item) -> tuple[Block, ...]:
    size = Paragraph((Span(f"{len(item.raw):,} bytes, too large to be drawn", Style("bad")),))
    beginning = item.raw[:LARGE_SHOWN].decode("utf-8", "replace").split("\n")
    rest = f"({len(item.raw) - LARGE_SHOWN:,} more bytes are in its raw JSON)"
    lines = Preformatted(tuple((untrusted(line.removesuffix("\r")),) for line in beginning))
    return (size, Fold((lines, note(rest)), CARD_LINES))


def _unknown_part(part: UnknownPart, what: str) -> tuple[Block, ...]:
    """A content part, attachment, annotation or task of an unknown type: its text, else its JSON.

    `what` names the kind of part.
    """
    spans: tuple[Inline, ...] = (UNKNOWN.span(after=f" unknown {what} "),)
    if part.type:
        spans += (untrusted(part.type, Style("unknown", bold=True)),)
    if part.text is not None:
        return (Paragraph(spans), text_block(part.text))
    return (Paragraph(spans), indented(Fold(value_blocks(part.value))))


def invalid_fields(problems: Iterable[FieldError]) -> tuple[Block, ...]:
    """Return the path, the reason and the value of each invalid field."""
    blocks: list[Block] = []
    for problem in problems:
        path = untrusted(problem.path or "this item", FIELD)
        reason = untrusted(f" does not fit: {problem.reason}", Style("bad"))
        blocks.append(Paragraph((WARNING.span(), path, reason)))
        if problem.path:
            blocks.append(indented(Fold(value_blocks(problem.value))))
    return tuple(blocks)


KINDS: Final[dict[type[ItemBase], Kind]] = {
    UserMessage: Kind("user", "user", _user_message, lambda _: SPEAKER),
    AssistantMessage: Kind("assistant", "assistant", _assistant_message, lambda _: SPEAKER),
    WidgetItem: Kind("widget", "widget", _widget, lambda _: WIDGET),
    ClientToolCall: Kind(
        "", "tool", tool_blocks, lambda item: tool_status(item)[0], tool_title, tool_line
    ),
    Task: Kind(
        "",
        "task",
        _task,
        lambda item: _task_symbol(item.task_type),
        lambda item: (_task_word(item.task_type, "task"),),
    ),
    TaskGroup: Kind("", "task", _task_group, lambda _: GROUP, _group_title),
    UnknownItem: Kind(
        "unknown",
        "unknown",
        _unknown_item,
        lambda _: UNKNOWN,
        lambda item: (untrusted(item.kind or "no type", Style("unknown", bold=True)),),
    ),
}
"""Every type of item; a new one is one entry and one function."""
