"""The options of the screen, and the sources that it can show with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from chatkit_tui.document.spans import Paint
from chatkit_tui.sources.base import Capability, SourceInfo

if TYPE_CHECKING:
    from chatkit_tui.deletion.backup import MakeBackup
    from chatkit_tui.deletion.journal import DeletionJournal
    from chatkit_tui.export.redaction.mask import Mask
    from chatkit_tui.inspection.notes import NoteStore
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.sources.base import Connect


class Times(StrEnum):
    """The format of times."""

    RELATIVE = "relative"
    LOCAL = "local"
    UTC = "utc"


class Copy(StrEnum):
    """How text is copied."""

    AUTO = "auto"
    """By a program of this machine if the user works at it, else by the terminal."""
    OSC52 = "osc52"
    NATIVE = "native"
    OFF = "off"


class Options(NamedTuple):
    """What the screen needs at its start."""

    source: SourceInfo = SourceInfo("")
    """How the source of threads is presented."""
    capabilities: frozenset[Capability] = frozenset(Capability)
    """What the source offers."""
    profile: str = ""
    """The profile in use; empty for none."""
    color: Paint | None = None
    """The color of the profile's name in the header."""
    project: str = ""
    """The project for the header; empty for that of the key."""
    profiles: Profiles | None = None
    """What the screen can switch to."""
    mask: Mask | None = None
    """What the source is read through, so that no personal data is shown; None to show all."""
    read_only: bool = False
    plain: bool = False
    """Draw with ASCII only."""
    slow: bool | None = None
    """Whether the connection to the terminal is slow; None to measure it."""
    copy: Copy = Copy.AUTO
    mouse: bool = True
    """Whether the program handles the mouse; otherwise the terminal selects with it."""
    preview: bool = False
    """Whether the thread under the cursor is shown beside the list, where both panes fit."""
    theme: str = "dark"
    """The name of a theme of `ui.theme` or Textual. Of a terminal without 256 colors, `ansi-…`."""
    remember: Callable[[str, object], str] | None = None
    """Remembers a choice by name, and returns why it does not hold at the next start."""
    first_start: bool = False
    """Whether to show the main keys until the first key."""
    times: Times = Times.RELATIVE
    zone: tzinfo | None = UTC
    """The zone of local times; None for the machine's."""
    text_width: int = 100
    """Cells of the longest line of an item; 0 for the whole window."""
    keys: Mapping[str, str] = MappingProxyType({})
    """The user's keys by command id, separated by commas."""
    filters: Mapping[str, str] = MappingProxyType({})
    """The user's saved filters by name."""
    user: str | None = None
    """Show the threads of this user first."""
    target: str | None = None
    """A thread id, an item id or an address to open at the start."""
    target_item: str = ""
    """The id of an item in that thread to go to; empty for none."""
    reopen: tuple[str, ...] = ()
    """The options of the command line that select the same source, without any secret."""
    notes: tuple[str, ...] = ()
    """Notes to show at the start, such as mistakes in the configuration file."""
    backups: MakeBackup | None = None
    """Makes what deletions save threads in first; None if they cannot be saved."""
    journal: DeletionJournal | None = None
    """None for the journal in the platform's folder."""
    thread_notes: NoteStore | None = None
    """The bookmarks and notes; None to keep them for this run."""
    clock: Callable[[], float] = time.time
    """Returns Unix seconds."""


class ShownSource(NamedTuple):
    """A source, and what its screen needs."""

    options: Options
    connect: Connect
    """Opens the source; it is called again after it failed."""
    history: SessionHistory | None = None
    """The sessions created from here; None to keep them for this run."""


class ProfileChoice(NamedTuple):
    """A profile in the menu."""

    name: str | None
    """None for what the program was started with."""
    place: str
    """The host of its API or server, or its file."""
    color: str = ""
    has_key_command: bool = False
    """Whether a command writes its key or another secret, and may ask for a password."""


class Profiles(Protocol):
    """The profiles of the configuration."""

    def choices(self) -> list[ProfileChoice]:
        """Return the profiles. Raise `ChatKitError`."""

    def resolve(self, name: str | None, *, at_terminal: bool = False) -> ShownSource:
        """Return the source of a profile; may block. Raise `ChatKitError`.

        `at_terminal` lets a command ask for a password.
        """
