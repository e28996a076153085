"""The backup that a deletion saves threads in first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.config.file import expanded

if TYPE_CHECKING:
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.deletion.backup import Backup


def backup_of(settings: Settings, file: str | None = "") -> Backup | None:
    """Return the backup in a file, else that of the settings; None without any.

    Raise `ConfigError` if the name of the file begins with a home folder that does not exist.
    """
    path = expanded(file, "--backup") if file else settings.backup_before_delete
    if path is None:
        return None
    from chatkit_tui.cli.archive import origin_of
    from chatkit_tui.sync.backup import ArchiveBackup  # few commands need it

    return ArchiveBackup(path, origin_of(settings))
