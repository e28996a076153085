"""What the first line of the screen says: where one is."""

from __future__ import annotations

from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.parts import Part


def header_parts(options: Options, *, offline: bool, slow: bool) -> tuple[list[Part], list[Part]]:
    """Host, project or profile, last four of the key; to the right DEMO, READ-ONLY, SLOW, OFFLINE.

    `offline` is whether the server is out of reach, `slow` whether the line is spared.
    """
    left: list[Part] = [(" ChatKit ", "strong")]
    places = [options.host, options.project]
    if options.key_hint:
        places.append(f"key {ui_text('…')}{options.key_hint[-4:]}")
    for place in places:
        if place:
            left += [("  ", "plain"), (sanitize(place), "plain")]
    signs = [
        sign
        for sign, on in (
            ("DEMO", options.demo),
            ("READ-ONLY", options.read_only),
            ("SLOW", slow),
            ("OFFLINE", offline),
        )
        if on
    ]
    right: list[Part] = []
    for sign in signs:
        right += [(f" {sign} ", "chip"), (" ", "plain")]
    return left, right
