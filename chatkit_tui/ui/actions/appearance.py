"""How the screen looks: the form of times, the width of the panes, and the theme."""

from __future__ import annotations

from typing import Final

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.options import Times
from chatkit_tui.ui.theme import SLOW_CLASS

AGES_AFTER: Final = 60.0
"""Seconds after which ages are redrawn."""


class TimesActions:
    """Changes the format of times, and redraws both panes for it."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._format = host.options.times

    def action_times(self) -> None:
        """Change to the next format."""
        formats = list(Times)
        self._format = formats[(formats.index(self._format) + 1) % len(formats)]
        self.redraw()
        self._host.status.report(f"times: {self._format.value}")

    def redraw(self) -> None:
        """Show all times as of now."""
        host = self._host
        now = host.options.clock()
        host.threads.set_times(self._format, now)
        host.transcript.set_times(self._format, now)

    def let_ages_grow(self) -> None:
        """Redraw ages, at most once a minute and never on a slow connection."""
        host = self._host
        is_due = host.options.clock() - host.threads.setting.now >= AGES_AFTER
        if is_due and self._format is Times.RELATIVE and not host.link.slow:
            self.redraw()


class WidthActions:
    """Gives one pane the whole width, on the user's request or on a slow connection."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._wide: bool | None = None
        """Whether one pane has the whole width; None to decide by the speed of the connection."""

    @property
    def full(self) -> bool:
        """Whether one pane has the whole width, even on a wide screen."""
        return self._host.link.slow if self._wide is None else self._wide

    def action_width(self) -> None:
        self._wide = not self.full
        self._host.arrange_panes()

    def action_slow(self) -> None:
        """Send less over the connection, or all again."""
        link = self._host.link
        link.switch()
        self._wide = None
        self._adapt_to_link()
        self._host.status.report(f"slow connection: {'on' if link.slow else 'off'}")

    def link_changed(self) -> None:
        """Adapt to the speed of the connection; an open transcript keeps its width."""
        host = self._host
        if host.where is Pane.TRANSCRIPT and self._wide is None:
            self._wide = not host.link.slow
        self._adapt_to_link()

    def _adapt_to_link(self) -> None:
        host = self._host
        host.app.set_class(host.link.slow, SLOW_CLASS)
        host.transcript.link_changed()
        host.arrange_panes()


class ThemeActions:
    """Opens the menu of themes, and remembers the choice."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host

    def action_theme(self) -> None:
        """Open the menu, in which each theme is shown while the cursor is on it."""
        from chatkit_tui.ui.screens.theme_picker import ThemePicker

        app = self._host.app
        if app.no_color:
            self._host.status.report("theme: colors are off, by NO_COLOR or --plain")
        else:
            app.push_screen(ThemePicker(app.theme, self._host.keys), self._remember)

    def _remember(self, name: str | None) -> None:
        if name is not None:
            remember = self._host.options.remember
            reason = remember("theme", name) if remember is not None else ""
            self._host.status.report(f"theme: {name}{'; ' if reason else ''}{reason}")
