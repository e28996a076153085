"""The text of the header. Does not import Textual."""

from __future__ import annotations

from chatkit_tui.document.spans import Span
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.styled_lines import CHIP, STRONG


def header_parts(options: Options, *, offline: bool, slow: bool) -> tuple[list[Span], list[Span]]:
    """Return host, project and the end of the key; at the right the badges.

    `offline` is whether the server is unreachable, `slow` whether the terminal's connection is.
    """
    left: list[Span] = [Span(" ChatKit ", STRONG)]
    places = [options.source.host, options.project]
    if options.source.key_hint:
        places.append(f"key {ui_text('…')}{options.source.key_hint[-4:]}")
    for place in places:
        if place:
            left += [Span("  "), Span(sanitize(place))]
    badge = options.source.badge
    badges = {badge: bool(badge), "READ-ONLY": options.read_only}
    badges |= {"SLOW": slow, "OFFLINE": offline}
    right: list[Span] = []
    for word, is_on in badges.items():
        if is_on:
            right += [Span(f" {word} ", CHIP), Span(" ")]
    return left, right
