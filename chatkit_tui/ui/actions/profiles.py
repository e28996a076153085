"""Switch to another profile of the configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from textual.worker import Worker

from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.options import ProfileChoice, ShownSource

GROUP = "profile"
"""The group of the worker that resolves a profile."""


class ProfileActions:
    """Opens the menu of profiles, and shows the chosen one."""

    def __init__(self, host: ActionHost, show_source: Callable[[ShownSource], None]) -> None:
        """`show_source` replaces the source and its screen."""
        self._host = host
        self._show_source = show_source

    def action_switch_profile(self) -> None:
        """Ask for a profile."""
        from chatkit_tui.ui.screens.profile_picker import ProfilePicker

        host = self._host
        try:
            choices = host.options.profiles.choices() if host.options.profiles else []
        except ChatKitError as error:
            self._report(error)
            return
        if not choices:
            host.status.tell("switch profile: the configuration has no profiles")
            return
        current = host.options.profile or None
        host.app.push_screen(ProfilePicker(choices, current, host.keys), self._chosen)

    def _chosen(self, choice: ProfileChoice | None) -> None:
        if choice is not None:
            name = choice.name or "the start"
            self._host.status.tell(sanitize(f"switching to {name}") + ui_text("…"))
            work = partial(self._switch, choice.name)
            _: Worker[None] = self._host.run_worker(work, group=GROUP, exclusive=True)

    async def _switch(self, name: str | None) -> None:
        profiles = self._host.options.profiles
        if profiles is None:
            return
        try:  # in a thread, since a command may print the key
            shown = await asyncio.to_thread(profiles.resolve, name)
        except ChatKitError as error:
            self._report(error)
        else:
            self._show_source(shown)

    def _report(self, error: ChatKitError) -> None:
        self._host.status.tell(sanitize(f"profile not switched: {error_line(error)}"), bad=True)
