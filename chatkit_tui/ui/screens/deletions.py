"""What was deleted from here, what was not, and why: the record as a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import partial

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.deletion.journal import PastDeletion
from chatkit_tui.deletion.report import confirmation_time, count_outcomes
from chatkit_tui.document.spans import DIM, PLAIN, Span, Style
from chatkit_tui.sources.base import Outcome
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.screens.modal import LinesScreen
from chatkit_tui.ui.styled_lines import BAD, BUSY, GOOD, STRONG

SHOWN = 200
"""Deletions on the screen, the newest; `chatkit-tui threads deletions` has all."""
LOOKS = {
    Outcome.DELETED: Span("✓", GOOD),
    Outcome.FAILED: Span("✗", BAD),
    Outcome.UNKNOWN: Span("?", BUSY),
    Outcome.NOT_TRIED: Span("–", DIM),
}


class DeletionsScreen(LinesScreen):
    """The record, the newest deletion first, under what is to be told of it."""

    def __init__(
        self,
        past: Sequence[PastDeletion],
        told: Sequence[str],
        reasons: Mapping[str, str],
        *,
        place: str,
        zone: tzinfo | None,
        keys: Keymap,
    ) -> None:
        """`told` are lines for a person, first of all. `reasons` are in full why threads were not
        deleted in this run, by id; `place` is where the record is, if it lasts."""
        super().__init__(partial(record_lines, past, told, reasons, place=place, zone=zone), keys)


def record_lines(
    past: Sequence[PastDeletion],
    told: Sequence[str],
    reasons: Mapping[str, str],
    width: int,
    *,
    place: str,
    zone: tzinfo | None,
) -> list[list[Span]]:
    """The lines in a width. Texts come from the wire as they are."""
    lines: list[list[Span]] = []
    for words in told:
        lines += [*wrapped(words, width, BAD, " ! ", "   "), []]
    lines.append([Span(" Deletions from here", STRONG)])
    if place:
        lines += wrapped(f"recorded in {place}", width, DIM, "   ")
    if not past:
        return [*lines, [], [Span("   none", DIM)]]
    left = dict(reasons)
    for deletion in past[:SHOWN]:
        account = deletion.account
        where = ui_text(" · ").join(name for name in (account.host, account.profile or "") if name)
        lines.append([])
        counts = count_outcomes(entry.outcome for entry in deletion.outcomes.values())
        head = f"{confirmation_time(deletion, zone)}  {counts}  {where}"
        lines += wrapped(head, width, STRONG, " ")
        for name, fate in deletion.outcomes.items():
            sign, look = LOOKS[fate.outcome]
            head = f"   {ui_text(sign)} {fate.outcome.value:9}  "
            lines += wrapped(name, width, look, head, " " * len(head))
            # The newest deletion of a thread is the one that this run knows the whole reason of.
            reason = left.pop(name, "") or fate.reason
            if fate.request_id and fate.request_id not in reason:
                reason = f"{reason} (request {fate.request_id})".lstrip()
            if reason:
                lines += wrapped(reason, width, DIM, " " * 5)
    return lines


def wrapped(text: str, width: int, style: Style, first: str, rest: str = "") -> list[list[Span]]:
    rest = rest or first
    shown = sanitize(text)
    spans = list(break_lines(shown, max(10, width - len(rest)))) or [(0, 0)]
    return [
        [Span(rest if number else first, PLAIN if number else style), Span(shown[begin:end], style)]
        for number, (begin, end) in enumerate(spans)
    ]
