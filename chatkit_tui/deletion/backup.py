"""The port to backups, which save a thread before it is deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, NamedTuple, Protocol, TypeAlias

from chatkit_tui.sources.base import GetSource

SaveThread: TypeAlias = Callable[[str], Awaitable[None]]
"""Saves a thread, and returns once all of it was read back from the file and the server has nothing
newer. Raises any `ChatKitError` otherwise: then the thread must not be deleted."""

OpenedBackup: TypeAlias = AbstractAsyncContextManager[SaveThread]
"""A backup that is open for one deletion. Entering it raises any `ChatKitError`."""

NOT_SAVED: Final = "attachments, and a message that arrives between the last look and the deletion"
"""What no backup can contain."""
PERSONAL: Final = "It will hold personal data: only you can read it; keep it where that stays so."


class Backup(Protocol):
    """A file that threads are saved in before they are deleted."""

    @property
    def place(self) -> str:
        """The file for messages, untrusted."""

    @property
    def is_new(self) -> bool:
        """Whether the file does not exist yet."""

    def check(self) -> None:
        """Raise `ArchiveError` if the file cannot take these threads. Blocks; writes nothing."""

    def opened(self, get_source: GetSource) -> OpenedBackup:
        """Return the open file; no other program can write it until the context ends."""


def describe_backup(place: str, *, is_new: bool) -> str:
    """Return what is saved and what is not, in some sentences."""
    personal = f" {PERSONAL}" if is_new else ""
    return f"Saved in {place} first.{personal} Not saved: {NOT_SAVED}."


MakeBackup: TypeAlias = Callable[[str], Backup | None]
"""Makes the backup in a file that the user typed; for an empty text that of the profile, or None.
Raises `ConfigError` for a name that cannot be resolved."""


class Chosen(NamedTuple):
    """A backup that can be used, or none."""

    text: str = ""
    """What the user typed; empty for what the profile says."""
    backup: Backup | None = None
    is_new: bool = False
    """Whether its file did not exist when it was checked."""


class BackupChoice:
    """The backup of the next deletions: that of the profile, or one that the user chose instead."""

    def __init__(self, make: MakeBackup) -> None:
        self._make = make
        self.chosen = Chosen("", make(""))

    def checked(self, text: str) -> Chosen:
        """Return the backup in a file, or that of the profile. Blocks.

        Raise `ConfigError`, and `ArchiveError` if it cannot take the threads.
        """
        backup = self._make(text)
        if backup is None:
            return Chosen(text)
        backup.check()
        return Chosen(text, backup, backup.is_new)
