"""Choose the theme."""

from __future__ import annotations

from chatkit_tui.ui.actions import ActionHost


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
