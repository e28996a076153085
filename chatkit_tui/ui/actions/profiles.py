"""Switch to another profile of the configuration."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.worker import Worker

from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.options import ProfileChoice, Profiles, ShownSource

if TYPE_CHECKING:
    from chatkit_tui.ui.child_process import ChildHost

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
            host.status.report("switch profile: the configuration has no profiles")
            return
        current = host.options.profile or None
        host.app.push_screen(ProfilePicker(choices, current, host.keys), self._chosen)

    def _chosen(self, choice: ProfileChoice | None) -> None:
        if choice is not None:
            name = choice.name or "the start"
            self._host.status.report(sanitize(f"switching to {name}") + ui_text("…"))
            work = partial(self._switch, choice)
            _: Worker[None] = self._host.run_worker(work, group=GROUP, exclusive=True)

    async def _switch(self, choice: ProfileChoice) -> None:
        profiles = self._host.options.profiles
        if profiles is None:
            return
        try:
            if choice.has_key_command:
                shown = await self._resolve_at_terminal(profiles, choice.name or "")
            else:
                shown = await asyncio.to_thread(profiles.resolve, choice.name)
        except ChatKitError as error:
            self._report(error)
        else:
            self._show_source(shown)

    async def _resolve_at_terminal(self, profiles: Profiles, name: str) -> ShownSource:
        """Resolve a profile whose command may ask for a password on the terminal."""
        from chatkit_tui.ui.child_process import lent_terminal

        with lent_terminal(cast("ChildHost", self._host.app)) as terminal:
            if terminal is not None:
                words = sanitize(f"[the command of profile {name}]")
                os.write(terminal, f"{words}\r\n".encode())
            resolve = partial(profiles.resolve, name, at_terminal=terminal is not None)
            return await asyncio.to_thread(resolve)

    def _report(self, error: ChatKitError) -> None:
        self._host.status.report(sanitize(f"profile not switched: {error_line(error)}"), bad=True)
