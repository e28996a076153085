"""Line breaking of text.

Breaks are computed from the text. Its payload, such as a style or a link, is split at the same
offsets. Only spaces and line breaks are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

from chatkit_tui.text.width import cells, clusters, is_narrow

Payload = TypeVar("Payload")

TOO_WIDE: Final = "?"
"""Replaces a character of two cells on a line of one."""

SOFT_BREAK: Final = re.compile(r"[/_]|[-.](?!\d)")
"""After it, a word that is longer than a line is folded; dates and numbers are not."""

# Spaces at which a line may break, without U+00A0, U+2007 and U+202F.
_SPACES: Final = " \u1680\u2000-\u2006\u2008-\u200a\u205f\u3000"
# Characters between which Chinese and Japanese lines break.
_IDEOGRAPH: Final = (
    "\u2e80-\u2fff\u3003-\u3007\u3012-\u303f\u3041-\u312f\u31a0-\u9fff\uf900-\ufaff"
    "\uff03-\uff07\uff0a\uff0b\uff0d\uff0f-\uff19\uff1c-\uff1e\uff20-\uff3a\uff3e-\uff5a"
    "\uff66-\uff9f\U00020000-\U0003fffd"
)
_OPENING: Final = "\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a\uff08\uff3b\uff5b\uff62"
_CLOSING: Final = (
    "\u3001\u3002\u3005\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b\u3041\u3043\u3045"
    "\u3047\u3049\u3063\u3083\u3085\u3087\u308e\u3099-\u309e\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3"
    "\u30e3\u30e5\u30e7\u30ee\u30f5\u30f6\u30fb-\u30fe\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
    "\uff3d\uff5d\uff61\uff63-\uff65\uff9e\uff9f"
)
_TOKEN: Final = re.compile(
    f"(?P<gap>[{_SPACES}]+)"
    f"|[{_OPENING}]*(?:[{_IDEOGRAPH}](?:[\u0300-\u036f\u302a-\u302f])*|[^{_SPACES}{_IDEOGRAPH}{_OPENING}]+)"
    f"[{_CLOSING}]*"
    f"|[{_OPENING}]+"
)


def break_lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each line of at most `width` cells.

    A "\\n" ends a line. Spaces at a break are dropped; indentation is kept up to half of the width.
    Words longer than a line are folded, after one of `-/_.` if one is there. A width below 1 is 1;
    a character of two cells has a line of its own then.
    """
    width = max(1, width)
    break_line = _break_narrow if is_narrow(text.replace("\n", "")) else _break_wide
    start = 0
    while True:
        end = text.find("\n", start)
        yield from break_line(text, start, len(text) if end < 0 else end, width)
        if end < 0:
            return
        start = end + 1


def _break_narrow(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Break text of narrow characters, whose offsets are cells."""
    end = start + len(text[start:end].rstrip(" "))
    word = _word_from(text, start, end)
    if word - start > width // 2:
        start = word
    while end - start > width:
        cut = text.rfind(" ", word, start + width + 1)
        if cut < 0:
            end_of_line = start + width
            cut = _soft_break(text, start + max(0, width // 4 - 1), end_of_line) or end_of_line
        yield start, start + len(text[start:cut].rstrip(" "))
        start = word = _word_from(text, cut, end)
    yield start, end


def _soft_break(text: str, start: int, end: int) -> int:
    """Return the last place in a part of a text where a word can be folded; 0 if there is none."""
    places = [match.end() for match in SOFT_BREAK.finditer(text, start, end)]
    return places[-1] if places else 0


def _word_from(text: str, start: int, end: int) -> int:
    """Return the start of the first word from `start` on, without a copy."""
    while start < end and text[start] == " ":
        start += 1
    return start


def _break_wide(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    line_start = line_end = start
    used = gap = 0
    for match in _TOKEN.finditer(text, start, end):
        own = cells(match[0])
        if match.lastgroup == "gap":
            gap = own
            continue
        word = match.start()
        if line_end > line_start and used + gap + own > width:
            yield line_start, line_end
            line_start, used = word, 0
        elif line_end == line_start and gap > width // 2:
            line_start = word
        else:
            used += gap
        gap = 0
        line_end = match.end()
        if used + own <= width:
            used += own
            continue
        position = word
        for cluster, size in clusters(match[0]):
            while used + size > width:
                soft = _soft_break(text, max(word, line_start + width // 4 - 1), position)
                cut = soft if line_start < soft < position else position
                if cut > word:
                    yield line_start, cut
                line_start, used = cut, cells(text[cut:position])
                if cut == position:
                    break
            used += size
            position += len(cluster)
    yield line_start, line_end


def wrap(runs: Sequence[tuple[str, Payload]], width: int) -> list[list[tuple[str, Payload]]]:
    """Break runs of text and payload into lines, as `break_lines` does.

    At a width of 1, a character of two cells becomes `TOO_WIDE`. Return at least one line.
    """
    if width < 2:
        runs = _narrowed(runs)
    text = runs[0][0] if len(runs) == 1 else "".join([run[0] for run in runs])
    return _cut(runs, break_lines(text, width))


def fold(runs: Sequence[tuple[str, Payload]], width: int) -> list[list[tuple[str, Payload]]]:
    """Break one line of preformatted text after every `width` cells, and keep spaces."""
    if width < 2:
        runs = _narrowed(runs)
    text = runs[0][0] if len(runs) == 1 else "".join([run[0] for run in runs])
    return _cut(runs, _fold(text, max(1, width)))


def fold_code(
    runs: Sequence[tuple[str, Payload]], width: int, mark: int
) -> list[list[tuple[str, Payload]]]:
    """Break one line of code after a space, where one is behind the first third of the line.

    The lines after the first are `mark` cells narrower if they have room. Spaces at a break are
    dropped.
    """
    if width < 2:
        runs = _narrowed(runs)
    text = "".join([run[0] for run in runs])
    if cells(text) <= width:
        return [list(runs)]
    return _cut(runs, _fold_code(text, max(1, width), mark))


def has_room(width: int, mark: int) -> bool:
    """Return whether a character of two cells fits behind the mark of a folded line."""
    return width >= mark + 2


def _fold_code(text: str, width: int, mark: int) -> Iterator[tuple[int, int]]:
    start = 0
    while True:
        end = next(_fold(text[start : start + 8 * width], width))[1] + start
        if end >= len(text):
            yield start, len(text)
            return
        space = text.rfind(" ", start, end + 1)
        indent = _word_from(text, start, end)
        if space > indent and space >= start + (end - start) // 3:
            end = space
        yield start, end
        start = _word_from(text, end, len(text))
        if has_room(width, mark):
            width, mark = width - mark, 0


def folded_height(text: str, width: int) -> int:
    """Return the number of lines of `fold`."""
    width = max(1, width)
    if is_narrow(text):
        return max(1, -(-len(text) // width))
    return sum(1 for _ in _fold(text, width))


def _fold(text: str, width: int) -> Iterator[tuple[int, int]]:
    if is_narrow(text):
        for start in range(0, len(text) or 1, width):
            yield start, min(start + width, len(text))
        return
    start = position = used = 0
    for cluster, size in clusters(text):
        if used + size > width and position > start:
            yield start, position
            start, used = position, 0
        used += size
        position += len(cluster)
    yield start, position


def _narrowed(runs: Sequence[tuple[str, Payload]]) -> list[tuple[str, Payload]]:
    return [
        ("".join(TOO_WIDE if size > 1 else cluster for cluster, size in clusters(text)), payload)
        for text, payload in runs
    ]


def _cut(
    runs: Sequence[tuple[str, Payload]], lines: Iterable[tuple[int, int]]
) -> list[list[tuple[str, Payload]]]:
    """Split the runs at offsets of their joined text, in order."""
    if len(runs) == 1:
        text, payload = runs[0]
        return [[(text[start:end], payload)] if end > start else [] for start, end in lines]
    cut: list[list[tuple[str, Payload]]] = []
    index = offset = 0  # the first run of the line, and its offset
    for start, end in lines:
        line: list[tuple[str, Payload]] = []
        while index < len(runs) and offset + len(runs[index][0]) <= start:
            offset += len(runs[index][0])
            index += 1
        while index < len(runs) and offset < end:
            text, payload = runs[index]
            if piece := text[max(0, start - offset) : end - offset]:
                line.append((piece, payload))
            if offset + len(text) > end:
                break
            offset += len(text)
            index += 1
        cut.append(line)
    return cut
