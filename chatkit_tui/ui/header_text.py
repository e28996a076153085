"""The text of the header. Does not import Textual."""

from __future__ import annotations

from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.parts import Part


def header_parts(options: Options, *, offline: bool, slow: bool) -> tuple[list[Part], list[Part]]:
    """Return host, project and the end of the key; at the right DEMO, READ-ONLY, SLOW, OFFLINE.

    `offline` is whether the server is unreachable, `slow` whether the terminal's connection is.
    """
    left: list[Part] = [(" ChatKit ", "strong")]
    places = [options.host, options.project]
    if options.key_hint:
        places.append(f"key {ui_text('…')}{options.key_hint[-4:]}")
    for place in places:
        if place:
            left += [("  ", "plain"), (sanitize(place), "plain")]
    badges = {"DEMO": options.demo, "READ-ONLY": options.read_only}
    badges |= {"SLOW": slow, "OFFLINE": offline}
    right: list[Part] = []
    for badge, is_on in badges.items():
        if is_on:
            right += [(f" {badge} ", "chip"), (" ", "plain")]
    return left, right
