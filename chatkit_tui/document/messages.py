"""Messages: their parts, quotes, tags, sources, attachments and options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from chatkit_tui.document.blocks import Blank, Block, Fold, Indented, Paragraph, note, text_block
from chatkit_tui.document.from_markdown import markdown_blocks
from chatkit_tui.document.sources import annotation_list, annotations_of
from chatkit_tui.document.spans import (
    ATTACHED,
    DIM,
    ELLIPSIS,
    FIELD,
    QUOTE,
    Inline,
    Span,
    Style,
    address,
    spaced,
    text_spans,
    untrusted,
)
from chatkit_tui.document.unknown_parts import unknown_part
from chatkit_tui.document.values import readable_value
from chatkit_tui.models.items import AssistantMessage, UserMessage
from chatkit_tui.models.parts import (
    Attachment,
    InputTag,
    InputText,
    OutputText,
    Part,
    QuotedText,
    UnknownPart,
)
from chatkit_tui.text.plain import counted

ADDRESS_LINES: Final = 2
"""Lines of an attachment's address before the user opens it; signed ones can be very long."""

_TAG: Final = Style("user", bold=True)


def user_message(item: UserMessage) -> tuple[Block, ...]:
    """Return the body of a message of the user."""
    return _separated(
        _quote(item.quoted_text) if item.quoted_text else (),
        *(_run(parts, markdown=False) for parts in runs(item.content)),
        annotation_list(annotations_of(item)),
        _tags(item.content),
        [block for sent in item.attachments for block in _attachment(sent)],
        _options(item),
    )


def assistant_message(item: AssistantMessage) -> tuple[Block, ...]:
    """Return the body of a message of the assistant."""
    return _separated(
        *(_run(parts, markdown=True) for parts in runs(item.content)),
        annotation_list(annotations_of(item)),
        _tags(item.content),
    )


def _separated(*groups: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of all groups, with an empty line between two groups."""
    blocks: list[Block] = []
    for group in groups:
        if group:
            blocks += (Blank(), *group) if blocks else group
    return tuple(blocks) or (note("(no content)"),)


# -- parts -----------------------------------------------------------------------------------------


def runs(content: Iterable[Part]) -> Iterator[list[Part]]:
    """Yield the parts of a message; a tag and the user's words around it are one run."""
    parts = list(content)
    run = parts[:1]
    for part, following in pairwise(parts):
        pair = (part, following)
        has_tag = any(isinstance(each, InputTag) for each in pair)
        if not (has_tag and all(isinstance(each, InputTag | InputText) for each in pair)):
            yield run
            run = []
        run.append(following)
    if run:
        yield run


def _run(parts: Sequence[Part], *, markdown: bool) -> tuple[Block, ...]:
    if any(isinstance(part, InputTag) for part in parts):
        return (Paragraph(tuple(span for part in parts for span in _inline(part))),)
    [part] = parts
    if isinstance(part, UnknownPart):
        return unknown_part(part, "part")
    if isinstance(part, QuotedText):
        return _quote(part.text)
    if isinstance(part, OutputText) and markdown:
        return markdown_blocks(part.text)
    return (text_block(part.text),) if part.text else ()


def _inline(part: Part) -> tuple[Inline, ...]:
    if isinstance(part, InputTag):
        return (untrusted(tag_text(part), _TAG),)
    return text_spans(part.text, breaks=True, links="inside") if part.text else ()


def tag_text(tag: InputTag) -> str:
    """Return a tag as it is written into the text."""
    return tag.text if tag.text.startswith("@") else f"@{tag.text}"


def _quote(text: str) -> tuple[Block, ...]:
    gutter = QUOTE.span()
    return (Indented((text_block(text, Style("quote")),), gutter, gutter),)


def _tags(content: Iterable[Part]) -> tuple[Block, ...]:
    """Return what the app knows of the tags, folded: the user may never have seen it."""
    tags = [part for part in content if isinstance(part, InputTag) and (part.id or part.data)]
    if not tags:
        return ()
    blocks: list[Block] = []
    for tag in tags:
        names = (untrusted(tag.id, DIM), untrusted(tag.group or "", DIM))
        blocks.append(Paragraph(spaced(untrusted(tag_text(tag), _TAG), *names)))
        if tag.data:
            blocks.append(Indented(readable_value(tag.data), Span("  "), Span("  ")))
    count = counted(len(tags), "tag")
    return (Fold((note(count), *blocks), 0, rest=ELLIPSIS.span(after=f" {count}")),)


# -- attachments and options -----------------------------------------------------------------------


def _attachment(sent: Attachment | UnknownPart) -> tuple[Block, ...]:
    if isinstance(sent, UnknownPart):
        return unknown_part(sent, "attachment")
    name = untrusted(sent.name or sent.id or "a file without a name", Style("user", bold=True))
    kinds = untrusted(", ".join(filter(None, (sent.type, sent.mime_type))), DIM)
    blocks: tuple[Block, ...] = (Paragraph(spaced(name, kinds)),)
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
