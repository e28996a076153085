"""The list of sessions made from here, because the API cannot list sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from chatkit_tui.render.sessions import countdown
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.widgets.option_rows import OptionRows

if TYPE_CHECKING:
    from chatkit_tui.sessions.history import SessionRecord


class SessionList(OptionRows):
    """Sessions with their remaining time, newest first."""

    DEFAULT_CSS = """
    SessionList {
        height: 1fr;
        background: $surface;
    }
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns Unix seconds."""
        super().__init__(id="list", compact=True)
        self.records: tuple[SessionRecord, ...] = ()
        self._clock = clock

    def show(self, records: Sequence[SessionRecord]) -> None:
        """Show records; the highlight stays on its session."""
        chosen = self.chosen.id if self.chosen else None
        self.records = tuple(records)
        self.set_options(Option(self._row(record)) for record in self.records)
        ids = [record.id for record in self.records]
        self.highlighted = ids.index(chosen) if chosen in ids else (0 if ids else None)

    @property
    def chosen(self) -> SessionRecord | None:
        at = self.highlighted
        return self.records[at] if at is not None and at < len(self.records) else None

    def tick(self) -> None:
        """Update the countdowns."""
        for index, record in enumerate(self.records):
            row = self._row(record)
            if row != self.get_option_at_index(index).prompt:
                self.replace_option_prompt_at_index(index, row)

    def _row(self, record: SessionRecord) -> Content:
        left = countdown(record.expires_at, self._clock())
        state = record.status
        if state == "active" and left:
            state = left
        sign = ui_text({"cancelled": "✗", "expired": "○"}.get(state, "●"))
        return Content("\n").join(
            [
                Content(f"{sign} {sanitize(state)}  ")
                + Content.styled(sanitize(record.user or "no user"), "bold")
                + Content(f"  {sanitize(record.workflow or '')}"),
                Content.styled(
                    f"  {sanitize(record.id or 'no id')}{ui_text(' · ')}{sanitize(record.host)}",
                    "dim",
                ),
            ]
        )
