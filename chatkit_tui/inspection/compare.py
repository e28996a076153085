"""Compare two threads turn by turn. A turn begins with a message of the user."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import partial
from time import monotonic
from typing import Final, NamedTuple

from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.models.page import RawRow
from chatkit_tui.search.searchable_text import item_text, kind_of, read_object
from chatkit_tui.sources.base import ListQuery, ThreadSource
from chatkit_tui.sources.paging import list_pages
from chatkit_tui.text.sanitize import sanitize

MAX_ITEMS: Final = 2_000
"""The most items of a thread that are compared."""
MAX_SIZE: Final = 500_000
"""The most bytes of JSON of a thread's items that are compared."""
MAX_WORDS: Final = 1_000
"""Words of a turn above which it is marked by lines; turns above which they are paired by order."""
MAX_SECONDS: Final = 2.0
"""Seconds after which the turns that are left are marked as a whole."""

_WORD: Final = re.compile(r"\S+")
_USER: Final = "user"


class Line(NamedTuple):
    """A line of an item. The text is sanitized."""

    text: str
    kind: str = ""
    """The kind of the item, on its first line."""
    differences: tuple[tuple[int, int], ...] = ()
    """Start and end of what the other side does not have."""


class Pair(NamedTuple):
    """Two turns that belong together; the lines of one may be missing."""

    left: tuple[Line, ...]
    right: tuple[Line, ...]


class Loaded(NamedTuple):
    """The items of a thread, oldest first, as far as they were loaded."""

    rows: Sequence[RawRow] = ()
    missing: str = ""
    """Why some are not loaded; empty if all are."""


async def load_items(
    source: ThreadSource, thread_id: str, report: Callable[[Loaded], object]
) -> Loaded:
    """Load a thread, at most `MAX_ITEMS`; `report` gets what is loaded after each page."""
    rows: list[RawRow] = []
    size = 0
    try:
        async for step in list_pages(partial(source.list_items, thread_id), ListQuery(100, "asc")):
            for row in step.rows:
                size += len(row.raw)
                if len(rows) == MAX_ITEMS or size > MAX_SIZE:
                    return Loaded(rows, "the rest is too long to compare")
                rows.append(row)
            report(Loaded(list(rows), "stopped"))
    except ChatKitError as error:
        return Loaded(rows, error_line(error))
    return Loaded(rows)


def turns(rows: Iterable[RawRow]) -> list[tuple[Line, ...]]:
    """Return the turns of a thread; the first is what precedes the first message of the user."""
    found: list[list[Line]] = [[]]
    for row in rows:
        item = read_object(row.raw)
        kind = kind_of(item)
        if kind == _USER:
            found.append([])
        texts = [sanitize(text) for text in item_text(item).split("\n")]
        found[-1] += [Line(text, "" if number else kind) for number, text in enumerate(texts)]
    return [tuple(turn) for turn in found]


def compare(left: Iterable[RawRow], right: Iterable[RawRow]) -> list[Pair]:
    """Return the aligned turns of two threads, with their differences.

    Turns whose first messages are equal belong together; those between them by their order.
    """
    until = monotonic() + MAX_SECONDS
    (first, *ours), (second, *theirs) = turns(left), turns(right)
    pairs = [Pair(first, second)] if first or second else []
    begins = [turn[0].text for turn in ours], [turn[0].text for turn in theirs]
    for _, start, end, other_start, other_end in _opcodes(*begins):
        for number in range(max(end - start, other_end - other_start)):
            one, other = start + number, other_start + number
            pairs.append(
                Pair(ours[one] if one < end else (), theirs[other] if other < other_end else ())
            )
    return [mark(pair, until) for pair in pairs]


def _opcodes(left: list[str], right: list[str]) -> list[tuple[str, int, int, int, int]]:
    if max(len(left), len(right)) > MAX_WORDS:
        return [("replace", 0, len(left), 0, len(right))]
    # Without its heuristic, for which each word of a repetitive text is noise.
    return [*SequenceMatcher(None, left, right, autojunk=False).get_opcodes()]


def mark(pair: Pair, until: float) -> Pair:
    """Return a pair with its differences by words; by whole lines if that would take too long."""
    words = _words(pair.left), _words(pair.right)
    if max(map(len, words)) > MAX_WORDS or monotonic() > until:
        same = {line.text for line in pair.left} & {line.text for line in pair.right}
        return Pair(*(tuple(_whole(line, same) for line in side) for side in pair))
    texts = [word for _, _, word in words[0]], [word for _, _, word in words[1]]
    spans: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for tag, start, end, other_start, other_end in _opcodes(*texts):
        if tag != "equal":
            spans[0].append((start, end))
            spans[1].append((other_start, other_end))
    return Pair(_marked(pair.left, words[0], spans[0]), _marked(pair.right, words[1], spans[1]))


def _words(lines: Sequence[Line]) -> list[tuple[int, int, str]]:
    """Return each word with the number of its line and its start."""
    return [
        (number, match.start(), match[0])
        for number, line in enumerate(lines)
        for match in _WORD.finditer(line.text)
    ]


def _whole(line: Line, same: set[str]) -> Line:
    is_different = line.text and line.text not in same
    return line._replace(differences=((0, len(line.text)),)) if is_different else line


def _marked(
    lines: Sequence[Line], words: Sequence[tuple[int, int, str]], spans: Sequence[tuple[int, int]]
) -> tuple[Line, ...]:
    found: list[list[tuple[int, int]]] = [[] for _ in lines]
    for first, end in spans:
        for number, start, word in words[first:end]:
            found[number].append((start, start + len(word)))
    return tuple(
        line._replace(differences=tuple(differences))
        for line, differences in zip(lines, found, strict=True)
    )
