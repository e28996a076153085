"""Bars: first cells of rows, in another style than the text beside them.

A color takes up to 19 bytes. So the order in which a bar and its text are drawn matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from chatkit_tui.terminal.cell_buffer import BLANK, REST, CellBuffer, Row, is_doubtful
from chatkit_tui.terminal.styles import PLAIN, Styles

MIN_BAR: Final = 3
"""Lines of the shortest bar that is drawn before the text beside it."""
_LONGER: Final = 4
"""Bytes that moves take when a bar is drawn behind its text."""


def find_bars(old: Mapping[int, Row], new: CellBuffer) -> Iterator[list[int]]:
    """Yield adjacent lines whose first cell gets one style, and most text beside it another.

    Drawn before the text, the bar of the selected item costs no change of style in each line.
    """
    bar: list[int] = []
    for line, before in old.items():
        row = new.rows[line]
        is_changed = (row.texts[0], row.styles[0]) != (before.texts[0], before.styles[0])
        is_wide = REST in (*row.texts[1:2], *before.texts[1:2])
        if not is_changed or is_wide or is_doubtful(row.texts[0]) or is_doubtful(before.texts[0]):
            continue
        if bar and (line != bar[-1] + 1 or row.styles[0] != new.rows[bar[-1]].styles[0]):
            yield from _worthwhile(bar, old, new)
            bar = []
        bar.append(line)
    yield from _worthwhile(bar, old, new)


def _worthwhile(bar: list[int], old: Mapping[int, Row], new: CellBuffer) -> Iterator[list[int]]:
    """Yield the bar if drawing it before the text beside it takes fewer bytes."""
    saving = sum(
        row.styles[2:3] != row.styles[:1] and row.texts[1:] != old[line].texts[1:]
        for line, row in ((line, new.rows[line]) for line in bar)
    )
    if len(bar) >= MIN_BAR and 2 * saving > len(bar):
        yield bar


def is_last_cheaper(
    old: Row, new: Row, changed: Sequence[int], current: int, styles: Styles
) -> bool:
    """Return whether to draw the bar of a row behind its text, which may be in the current style.

    `changed` has the columns to draw.
    """
    is_wide = REST in (*new.texts[1:2], *old.texts[1:2])
    if changed[0] or is_wide or current in (PLAIN, new.styles[0]):
        return False
    words = [new.styles[at] for at in changed[1:] if new.texts[at] != BLANK]
    if not words:
        return False
    bar, first, last = new.styles[0], words[0], words[-1]
    before = len(styles.step(current, bar)) + len(styles.step(bar, first))
    behind = len(styles.step(current, first)) + len(styles.step(last, bar))
    return behind + _LONGER < before
