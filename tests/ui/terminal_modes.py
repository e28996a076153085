"""What a program has switched on in its terminal and not off again."""

from __future__ import annotations

import re

_SWITCH = re.compile(rb"\x1b\[\?([0-9;]+)([hl])|\x1b\[>[0-9]+(u)|\x1b\[(<)u|\x1b\[([0-9;]*)r")
_ON_AT_FIRST = {"7", "25"}
"""Line wrap and the cursor."""


def changed_modes(written: bytes) -> dict[str, bool]:
    """The modes that are not as they were before the bytes were written, and whether they are on.

    Modes go by their private number; `keyboard` is the kitty protocol, which is pushed and popped,
    `margins` those of the rows that scroll.
    """
    now = dict.fromkeys(_ON_AT_FIRST, True)
    pushed = 0
    for found in _SWITCH.finditer(written):
        numbers, letter, push, _, margins = found.groups()
        if margins is not None:
            now["margins"] = bool(margins)
            continue
        if numbers is None:
            pushed += 1 if push else -1
            continue
        for number in numbers.decode().split(";"):
            now[number] = letter == b"h"
    changed = {mode: on for mode, on in now.items() if on is not (mode in _ON_AT_FIRST)}
    return changed | ({"keyboard": pushed > 0} if pushed else {})
