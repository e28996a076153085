"""Find the problems in the items of a thread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final, TypeAlias

from chatkit_tui.document.tool_call import call_error, is_json
from chatkit_tui.models.items import (
    ClientToolCall,
    Item,
    UnknownItem,
    WidgetItem,
    read_item,
)
from chatkit_tui.models.page import RawRow
from chatkit_tui.predicates.answers import Answer, find_answers
from chatkit_tui.predicates.predicate import Finding, Predicate
from chatkit_tui.search.searchable_text import item_text, read_object
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import hidden_count
from chatkit_tui.text.times import span

ANSWER_GRACE: Final = 120
"""Seconds after which the newest user message counts as unanswered."""

NO_ANSWER: Final = "no answer"
"""The reason of a newest user message that is unanswered: the only one that depends on the time."""

_SLOW_FLOOR: Final = 30
"""Seconds below which an answer is never slow."""
_SLOW_FACTOR: Final = 4
_FEWEST_ANSWERS: Final = 3
"""The fewest answers with a known time that a median is made of."""

_MAY_HIDE: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f-\xff]|\\[bfru]")
"""Matches JSON text that may have a hidden character: the character itself, or an escape."""
_ESCAPE: Final = re.compile(rb"\\[bfru]")


def find_problems(
    items: Sequence[RawRow | Item],
    *,
    has_newest: bool,
    now: float,
) -> list[Finding]:
    """Return the problems of some items, in the order of the items.

    `items` are a run of neighbors, oldest first; `has_newest` says whether it ends with the last
    one of the thread. Otherwise its last user message is not reported as unanswered. Answers are
    slow compared with those in `items`. `now` is in Unix seconds. Raise nothing, whatever the items
    are.
    """
    parsed = [read_item(item) if isinstance(item, RawRow) else item for item in items]
    answers = list(find_answers(parsed))
    found = [
        Finding(predicate, _id_of(items[place]), reason, place)
        for place, predicate, reason in (
            *_unanswered(parsed, answers, has_newest=has_newest, now=now),
            *_slow_answers(answers),
            *_of_each_item(parsed),
        )
    ]
    return sorted(found, key=lambda finding: finding.place)


_Found: TypeAlias = tuple[int, Predicate, str]


def _unanswered(
    items: Sequence[Item], answers: Sequence[Answer], *, has_newest: bool, now: float
) -> Iterator[_Found]:
    for answer in answers:
        if answer.answer is not None:
            continue
        if answer is not answers[-1]:
            yield answer.question, Predicate.UNANSWERED, "no answer before the user's next message"
        elif has_newest and not is_recent(items[answer.question], now):
            yield answer.question, Predicate.UNANSWERED, NO_ANSWER


def is_recent(message: Item, now: float) -> bool:
    """Return whether a message may still be answered in time. `now` is in Unix seconds."""
    return message.time is not None and now - message.time.seconds < ANSWER_GRACE


def _slow_answers(answers: Sequence[Answer]) -> Iterator[_Found]:
    times = [answer.seconds for answer in answers if answer.seconds is not None]
    if len(times) < _FEWEST_ANSWERS:
        return
    usual = median(times)
    limit = max(_SLOW_FLOOR, _SLOW_FACTOR * usual)
    for answer in answers:
        if answer.answer is not None and answer.seconds is not None and answer.seconds >= limit:
            words = f"answered after {span(answer.seconds)}, usually {span(usual)}"
            yield answer.answer, Predicate.SLOW_ANSWER, words


def _of_each_item(items: Sequence[Item]) -> Iterator[_Found]:
    for place, item in enumerate(items):
        if isinstance(item, ClientToolCall):
            if item.status == "in_progress":
                yield place, Predicate.IN_PROGRESS, f"{_name(item)} is still in progress"
            if (error := _tool_error(item)) is not None:
                yield place, Predicate.TOOL_ERROR, error
        if reason := _broken(item):
            yield place, Predicate.BROKEN_ITEM, reason
        if hidden := _hidden(item):
            yield place, Predicate.HIDDEN_CHARACTERS, counted(hidden, "hidden character")


def _tool_error(call: ClientToolCall) -> str | None:
    message = call_error(call)
    if message is not None:
        return f"{_name(call)} failed: {message}" if message else f"{_name(call)} failed"
    for name, text in (("arguments", call.arguments), ("output", call.output or "")):
        if text and not is_json(text):
            verb = "are" if name == "arguments" else "is"
            return f"the {name} of {_name(call)} {verb} not JSON"
    return None


def _name(call: ClientToolCall) -> str:
    return call.name or "a tool without a name"


def _broken(item: Item) -> str:
    """Return what is wrong with an item; empty if nothing is."""
    if problems := item.problems:
        path, reason, _ = problems[0]
        return f"{path}: {reason}" if path else reason
    if isinstance(item, UnknownItem):
        return f"unknown type {item.type}" if item.type else "no type"
    if not item.id:
        return "no id"
    if isinstance(item, WidgetItem) and not (item.widget and is_json(item.widget)):
        return "the widget is not JSON"
    return ""


def _hidden(item: Item) -> int:
    raw = item.raw
    if not _MAY_HIDE.search(raw):
        return 0
    if not _ESCAPE.search(raw):
        text = raw.decode("utf-8", "replace").replace("\\n", "\n")
        if not hidden_count(text):
            return 0  # without reading the JSON again
    return hidden_count(item_text(read_object(raw)))


def _id_of(item: RawRow | Item) -> str | None:
    return item.id or None
