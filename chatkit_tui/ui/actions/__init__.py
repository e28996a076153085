"""The actions of the browse screen, one controller per file, and what they need of the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from textual.app import App
from textual.message import Message
from textual.worker import Worker, WorkType

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.sources.base import GetSource
from chatkit_tui.terminal.flow_control import LinkSpeed
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.threads.pane import ThreadsPane
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.transcript.pane import TranscriptPane
from chatkit_tui.ui.widgets.lines import StatusLine
from chatkit_tui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from chatkit_tui.models.threads import Thread


class ActionHost(Protocol):
    """A screen with both panes, a status line and a prompt."""

    options: Options
    keys: Keymap
    threads: ThreadsPane
    transcript: TranscriptPane
    status: StatusLine
    prompt: Prompt
    where: Pane
    """The pane with the focus."""
    link: LinkSpeed

    @property
    def two_panes(self) -> bool: ...

    @property
    def get_source(self) -> GetSource: ...

    def go_to_pane(self, where: Pane) -> None: ...

    def open_thread(self, row: Row) -> None: ...

    def open_located(self, thread: Thread, item_id: str) -> None: ...

    def arrange_panes(self) -> None: ...

    def update_lines(self) -> None: ...

    @property
    def app(self) -> App[Any]: ...

    @property
    def is_current(self) -> bool: ...

    def post_message(self, message: Message) -> bool: ...

    def call_later(self, callback: Callable[..., None], *args: Any, **kwargs: Any) -> bool: ...

    def run_worker(
        self, work: WorkType[None], *, group: str, exclusive: bool = ...
    ) -> Worker[None]: ...

    def cancel_workers(self, group: str) -> None: ...


def chosen_threads(host: ActionHost) -> list[Row]:
    """Return the open thread; in the list the marked threads, else the one under the cursor.

    Marks that are out of sight never apply while a transcript is read.
    """
    if host.where is Pane.TRANSCRIPT:
        return [host.transcript.row] if host.transcript.row else []
    return host.threads.chosen
