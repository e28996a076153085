"""What drawing ends in: lines of styled spans, with no colour of a screen in them yet.

A style names what a span *is*, and for the parts of a widget the paint that was asked for; the
screen's theme decides what that looks like, `threads show` drops it. So the same render code serves
both.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Role: TypeAlias = Literal[
    "text",  # what was said
    "dim",  # what only helps: rules, hints, ids
    "heading",  # Markdown headings, card titles
    "user",  # the head of a user message
    "assistant",  # … of an assistant message
    "widget",
    "tool",
    "task",
    "unknown",  # … of an item of an unknown kind
    "link",
    "code",
    "code.keyword",
    "code.string",
    "code.number",
    "code.comment",
    "code.name",
    "quote",
    "field",  # a name in front of a value
    "good",  # completed, active
    "busy",  # in progress, locked
    "bad",  # closed, broken, failed
    "hidden",  # a sign that stands for a character that must not reach the terminal
]

Paint: TypeAlias = Literal["red", "yellow", "green", "cyan", "blue", "magenta", "grey"]
"""The colours that a widget can ask for, as far as a terminal has them (`render.paint`)."""


class Style(NamedTuple):
    """What a span is. Hashable, compared by value, cheap to intern."""

    role: Role = "text"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    link: str | None = None
    """A checked http, https or mailto address (`text.links`), or None."""
    color: Paint | None = None
    """The paint of the words; None for the one that the role has."""
    background: Paint | None = None
    """The paint behind the words, which are then in the colour of the screen's background."""


PLAIN = Style()
DIM = Style("dim")


class Span(NamedTuple):
    """Showable text (it went through `text.visible`) of one style, without line breaks."""

    text: str
    style: Style = PLAIN


Line: TypeAlias = tuple[Span, ...]
"""One line of the screen, no wider than it was asked to be; its right side is not padded."""


def plain(line: Line) -> str:
    """The words of a line."""
    return "".join(span.text for span in line)
