"""Lines of sanitized spans around the transcript, such as the header. Does not import Textual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, Paint, Span, Style
from chatkit_tui.sources.base import Outcome
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells, line_width, shorten

if TYPE_CHECKING:
    from chatkit_tui.ui.options import Options

STRONG: Final = Style(bold=True)
DERIVED: Final = Style(italic=True)
"""A title made from the first words of a thread."""
KEY: Final = Style("key")
MARK: Final = Style("mark")
CHIP: Final = Style("chip")
GOOD: Final = Style("good")
BUSY: Final = Style("busy")
BAD: Final = Style("bad")
WIDEST_REASON: Final = 72
"""Cells of the longest line with the reason why a pane is empty."""
OUTCOME_SIGNS: Final = {
    Outcome.DELETED: Span("✓", GOOD),
    Outcome.FAILED: Span("✗", BAD),
    Outcome.UNKNOWN: Span("?", BUSY),
    Outcome.NOT_TRIED: Span("–", DIM),
}
"""The sign of each outcome of a deletion."""


def spread(left: Sequence[Span], right: Sequence[Span], width: int) -> list[Span]:
    """Return spans at both ends of a line; the left ones are shortened first."""
    right = fit(right, width)
    taken = line_width(right)
    left = fit(left, max(0, width - taken - (1 if taken else 0)))
    space = width - taken - line_width(left)
    return [*left, Span(" " * space), *right]


def centered(lines: Sequence[Sequence[Span]], size: tuple[int, int], y: int) -> list[Span]:
    """Return line `y` of a pane of width and height that shows nothing but `lines`.

    They are centered, a third of the way down.
    """
    width, height = size
    start = max(0, (height - len(lines)) // 3)
    if not start <= y < start + len(lines):
        return []
    line = fit(lines[y - start], width)
    indent = (width - line_width(line)) // 2
    return [Span(" " * indent), *line]


def empty_pane(what: str, why: str, hints: list[Span], width: int) -> tuple[list[Span], ...]:
    """Return what an empty pane shows, for `centered`: its state, the reason, keys that help.

    The texts are sanitized.
    """
    lines: list[list[Span]] = [[Span(what, STRONG)]]
    if why:
        from chatkit_tui.text.wrap import break_lines  # not needed for the first frame

        parts = break_lines(why, max(10, min(width - 4, WIDEST_REASON)))
        lines += [[], *([Span(why[begin:end].strip(), DIM)] for begin, end in parts)]
    if hints:
        lines += [[], hints] if why else [hints]
    return tuple(lines)


def key_hints(keys: Keymap, **words: str) -> list[Span]:
    """Return keys and what they do, by the ids of their commands."""
    spans: list[Span] = []
    for command, text in words.items():
        spans += [Span("   " if spans else ""), Span(keys.first_name(command), KEY)]
        spans.append(Span(f" {text}", DIM))
    return spans


def fit(spans: Sequence[Span], width: int) -> list[Span]:
    """Return as many spans as fit, the last one shortened."""
    fitting: list[Span] = []
    room = width
    for span in spans:
        size = cells(span.text)
        if size > room:
            if room > 1 and (short := shorten(span.text, room)):
                fitting.append(Span(short, span.style))
            break
        fitting.append(span)
        room -= size
    return fitting


_BADGE_COLORS: Final[Mapping[str, Paint]] = {
    "DEMO": "green",
    "MASKED": "yellow",
    "READ-ONLY": "yellow",
    "OFFLINE": "red",
    "SLOW": "magenta",
    "ARCHIVE": "cyan",
    "SERVER": "blue",
    "DATABASE": "blue",
}


def badge_style(word: str) -> Style:
    """Return the style of a badge of the header, such as `DEMO`."""
    return CHIP._replace(color=_BADGE_COLORS.get(word))


def header_parts(options: Options, *, offline: bool, slow: bool) -> tuple[list[Span], list[Span]]:
    """Return host, project and the end of the key; at the right the badges.

    `offline` is whether the server is unreachable, `slow` whether the terminal's connection is.
    """
    left: list[Span] = [Span(" ChatKit ", KEY)]
    places = [options.source.host]
    if options.color is None:
        places.append(ui_text(" · ").join(filter(None, (options.profile, options.project))))
    else:
        chip = CHIP._replace(color=options.color)
        left += [Span("  "), Span(f" {sanitize(options.profile)} ", chip)]
        places.append(options.project)
    if options.source.key_hint:
        hint = f"{ui_text('…')}{options.source.key_hint[-4:]}"
        places.append(f"{options.source.credential} {hint}")
    for place in places:
        if place:
            left += [Span("  "), Span(sanitize(place))]
    badge = options.source.badge
    badges = {badge: bool(badge), "MASKED": options.mask is not None}
    badges |= {"READ-ONLY": options.read_only}
    badges |= {"SLOW": slow, "OFFLINE": offline}
    right: list[Span] = []
    for word, is_on in badges.items():
        if is_on:
            right += [Span(f" {word} ", badge_style(word)), Span(" ")]
    return left, right
