"""Which user messages were answered, and after how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from chatkit_tui.models.items import (
    AssistantMessage,
    ClientToolCall,
    GeneratedImageItem,
    Item,
    StructuredInputItem,
    UnknownItem,
    UserMessage,
    WidgetItem,
)
from chatkit_tui.models.parts import UnknownPart

_ANSWERS: Final = (
    WidgetItem,
    ClientToolCall,
    GeneratedImageItem,
    StructuredInputItem,
    UnknownItem,
)


class Answer(NamedTuple):
    """A user message and what answered it, as indices of the items that were given."""

    question: int
    answer: int | None
    """None if another user message or the end came first."""
    seconds: int | None
    """Time between both; None without an answer or where a time is unknown."""


def find_answers(items: Sequence[Item]) -> Iterator[Answer]:
    """Yield each user message with its answer. `items` are oldest first.

    An assistant message with text, a widget, an image, a question and a tool call are answers. So
    is an item of an unknown type, since it may be one.
    """
    question: int | None = None
    for place, item in enumerate(items):
        if isinstance(item, UserMessage):
            if question is not None:
                yield Answer(question, None, None)
            question = place
        elif question is not None and _is_answer(item):
            yield Answer(question, place, _seconds_between(items[question], item))
            question = None
    if question is not None:
        yield Answer(question, None, None)


def _is_answer(item: Item) -> bool:
    if isinstance(item, AssistantMessage):
        return any(isinstance(part, UnknownPart) or part.text.strip() for part in item.content)
    return isinstance(item, _ANSWERS)


def _seconds_between(question: Item, answer: Item) -> int | None:
    asked, answered = question.time, answer.time
    if asked is None or answered is None:
        return None
    return max(0, answered.seconds - asked.seconds)
