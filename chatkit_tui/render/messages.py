"""What the two sides said: user messages and assistant messages."""

from __future__ import annotations

from chatkit_tui.document.blocks import Blank, Block, Fold, Indented, Paragraph
from chatkit_tui.document.spans import DIM, Span, Style
from chatkit_tui.models.items import (
    Annotation,
    AssistantMessage,
    Attachment,
    InputText,
    OutputText,
    QuotedText,
    UnknownPart,
    UserMessage,
)
from chatkit_tui.render.context import Context
from chatkit_tui.render.markdown import markdown_blocks
from chatkit_tui.render.sources import source_blocks
from chatkit_tui.render.spans import FIELD, address, joined, lines_of, note, spaced, untrusted
from chatkit_tui.render.symbols import ATTACHED, QUOTE
from chatkit_tui.render.unknown import unknown_part

ADDRESS_LINES = 2
"""How many lines of an attachment's address are shown before its item is opened; signed
addresses can be very long."""


def user_message(item: UserMessage, context: Context) -> tuple[Block, ...]:
    """What the end user typed, as typed, and what they sent and chose along with it."""
    groups = [_part(part, context, markdown=False) for part in item.content]
    groups.append(source_blocks(_annotations(item), context))
    groups.append(tuple(block for sent in item.attachments for block in _attachment(sent, context)))
    groups.append(_chosen(item))
    return spaced(groups, Blank()) or (note("(no content)"),)


def assistant_message(item: AssistantMessage, context: Context) -> tuple[Block, ...]:
    """What the assistant wrote, as Markdown, and the sources it named."""
    groups = [_part(part, context, markdown=True) for part in item.content]
    groups.append(source_blocks(_annotations(item), context))
    return spaced(groups, Blank()) or (note("(no content)"),)


def _annotations(item: UserMessage | AssistantMessage) -> list[Annotation | UnknownPart]:
    return [
        annotation
        for part in item.content
        if isinstance(part, OutputText)
        for annotation in part.annotations
    ]


def _part(
    part: InputText | QuotedText | OutputText | UnknownPart, context: Context, *, markdown: bool
) -> tuple[Block, ...]:
    if isinstance(part, UnknownPart):
        return unknown_part(part, "part", context)
    if isinstance(part, QuotedText):
        gutter = Span(f"{QUOTE.shown(context)} ", Style("quote"))
        return (Indented((lines_of(part.text, Style("quote")),), gutter, gutter),)
    if isinstance(part, OutputText) and markdown:
        return markdown_blocks(part.text)
    return (lines_of(part.text),) if part.text else ()


def _attachment(sent: Attachment | UnknownPart, context: Context) -> tuple[Block, ...]:
    if isinstance(sent, UnknownPart):
        return unknown_part(sent, "attachment", context)
    name = untrusted(sent.name or sent.id or "a file without a name", Style("user", bold=True))
    kinds = untrusted(", ".join(filter(None, (sent.type, sent.mime_type))), DIM)
    blocks: tuple[Block, ...] = (Paragraph(joined((name, kinds))),)
    if sent.preview_url:
        blocks += (Fold((Paragraph((address(sent.preview_url),)),), ADDRESS_LINES),)
    sign = f"{ATTACHED.shown(context)} "
    return (Indented(blocks, Span(sign, Style("user")), Span(" " * len(sign), DIM)),)


def _chosen(item: UserMessage) -> tuple[Block, ...]:
    """The model and the tool that the end user asked for."""
    options = item.inference_options
    if options is None:
        return ()
    spans: list[Span] = []
    if options.model:
        spans += (Span("model ", FIELD), untrusted(options.model, DIM))
    if options.tool_choice and options.tool_choice.id:
        between = "   " if spans else ""
        spans += (Span(f"{between}tool ", FIELD), untrusted(options.tool_choice.id, DIM))
    return (Paragraph(tuple(spans)),) if spans else ()
