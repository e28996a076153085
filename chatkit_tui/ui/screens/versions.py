"""What changed in a thread: earlier versions, and what the original source no longer has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import tzinfo
from functools import partial

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.models.json import load_json
from chatkit_tui.sources.base import Version
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.times import moment
from chatkit_tui.ui.screens.deletions import wrapped
from chatkit_tui.ui.screens.modal import LinesScreen
from chatkit_tui.ui.styled_lines import BAD, STRONG

MOST_SHOWN = 20_000
"""Characters of a version's JSON that are shown."""


class VersionsScreen(LinesScreen):
    """The versions of one thread, in the order of its items."""

    def __init__(self, versions: Sequence[Version], *, zone: tzinfo | None, keys: Keymap) -> None:
        super().__init__(partial(version_lines, versions, zone=zone), keys)


def version_lines(
    versions: Sequence[Version], width: int, *, zone: tzinfo | None
) -> list[list[Span]]:
    """Return the lines in a width."""
    lines = [[Span(" Versions", STRONG)]]
    if not versions:
        return [*lines, [], [Span("   Nothing has changed since it was first read.", DIM)]]
    for version in versions:
        name = "thread" if version.position is None else f"item {version.position + 1:,}"
        when = moment(version.until, zone)
        state = f"no longer at its source since {when}" if version.is_missing else f"until {when}"
        lines.append([])
        head = ui_text(" · ").join((name, state, version.id))
        lines += wrapped(head, width, BAD if version.is_missing else STRONG, " ")
        for line in _json_lines(version.raw):
            lines += wrapped(line, width, DIM, "   ")
    return lines


def _json_lines(raw: str | bytes) -> list[str]:
    try:
        text = json.dumps(load_json(raw), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    return text[:MOST_SHOWN].split("\n")
