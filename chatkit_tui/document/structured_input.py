"""Questions to the end user, with the options and what was answered."""

from __future__ import annotations

from typing import Final

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Indented,
    Paragraph,
    indented,
    note,
    text_block,
)
from chatkit_tui.document.spans import (
    ANSWER,
    ANSWER_OF_SEVERAL,
    BUSY,
    CLOSED,
    DIM,
    DONE,
    FIELD,
    NO_ANSWER,
    NO_ANSWER_OF_SEVERAL,
    STATUS_UNKNOWN,
    Inline,
    Span,
    Style,
    Symbol,
    untrusted,
)
from chatkit_tui.document.unknown_parts import unknown_part
from chatkit_tui.models.items import StructuredInputItem
from chatkit_tui.models.parts import UnknownPart
from chatkit_tui.models.structured_input import StructuredInput
from chatkit_tui.text.plain import counted

_STATUS: Final = {"pending": BUSY, "answered": DONE, "skipped": CLOSED}
_QUESTION: Final = Style(bold=True)


def questions_symbol(item: StructuredInputItem) -> Symbol:
    """Return the symbol of a status."""
    return _STATUS.get(item.status, STATUS_UNKNOWN)


def questions_title(item: StructuredInputItem) -> tuple[Inline, ...]:
    """Return the number of questions and their status."""
    count = Span(counted(len(item.inputs), "question"), Style("widget", bold=True))
    return (count, Span("  "), untrusted(item.status, Style(questions_symbol(item).role)))


def questions_blocks(item: StructuredInputItem) -> tuple[Block, ...]:
    """Return the questions, with an empty line between two."""
    blocks: list[Block] = []
    for question in item.inputs:
        if blocks:
            blocks.append(Blank())
        if isinstance(question, UnknownPart):
            blocks += unknown_part(question, "question")
        else:
            blocks += _question(question, item.status)
    return tuple(blocks) or (note("(no questions)"),)


def _question(question: StructuredInput, status: str) -> list[Block]:
    blocks: list[Block] = [text_block(question.question or "(no question)", _QUESTION)]
    if question.description:
        blocks.append(text_block(question.description, DIM))
    answer = question.answer
    given = answer.values if answer else ()
    known = [option.value for option in question.options if not isinstance(option, UnknownPart)]
    chosen, other = (
        (ANSWER_OF_SEVERAL, NO_ANSWER_OF_SEVERAL) if question.multiple else (ANSWER, NO_ANSWER)
    )
    for option in question.options:
        if isinstance(option, UnknownPart):
            blocks.append(indented(*unknown_part(option, "option")))
        else:
            blocks.append(_behind(chosen if option.value in given else other, option.value))
    for value in given:
        if not known:
            label = Span("answer  ", FIELD)
            blocks.append(Indented((text_block(value),), label, Span(" " * len(label.text))))
        elif value not in known:
            blocks.append(_behind(chosen, value, Span("  own answer", DIM)))
    if not given:
        is_skipped = status == "skipped" or (answer and answer.skipped)
        missing = "(no answer yet)" if status == "pending" else "(no answer)"
        blocks.append(note("(skipped)" if is_skipped else missing))
    return blocks


def _behind(symbol: Symbol, text: str, *more: Inline) -> Block:
    """Return an answer behind its symbol."""
    rest = Span(" " * (len(symbol.sign) + 1))
    return Indented((Paragraph((untrusted(text), *more)),), symbol.span(), rest)
