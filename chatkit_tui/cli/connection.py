"""From the command line to a source: settings, log, key and files of the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from chatkit_tui.cli.logs import start_log
from chatkit_tui.cli.options import merge_options, reject_secret_arguments
from chatkit_tui.cli.output import is_terminal, report
from chatkit_tui.cli.sources import BUILT_IN, open_source
from chatkit_tui.text.plain import set_plain

if TYPE_CHECKING:
    from chatkit_tui.cli.options import Given
    from chatkit_tui.config.access import Access
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.deletion.journal import DeletionJournal
    from chatkit_tui.sources.base import Retry, SourceObserver, ThreadSource

T = TypeVar("T")


def load_command_settings(given: Mapping[str, Given], *, for_screen: bool = False) -> Settings:
    """Return the settings in effect, and start the log.

    `given` are the options of the current command. Raise `click.UsageError` for options that
    exclude each other, and `ConfigError` for settings that prevent the start. Other mistakes are in
    the settings' `notes`. Keys and the choices made in the program count only `for_screen`.
    """
    from chatkit_tui.config.resolve import load_settings
    from chatkit_tui.storage.remembered import Remembered, read_remembered, state_path

    options = merge_options(click.get_current_context(), given)
    remembered = read_remembered(state_path()) if for_screen else Remembered()
    settings = load_settings(options, os.environ, for_screen=for_screen, remembered=remembered)
    set_plain(settings.plain)
    if settings.log_file:
        start_log(settings.log_file)
    return settings


class Connection(NamedTuple):
    """The settings in effect, and what the source wants to know who asks."""

    settings: Settings
    access: Access

    def run(self, act: Callable[[ThreadSource], Awaitable[T]]) -> T:
        """Run a coroutine with the source on an event loop of its own; return its result.

        Retries are reported on standard error, and so is a late response if that is a terminal.
        Ctrl+C ends it within a second. Raise what `act` raises.
        """

        import asyncio  # not needed for the first frame of the screen

        from chatkit_tui.cli.signals import exit_after_interrupt

        async def whole() -> T:
            with exit_after_interrupt():
                source = open_source(self.settings, self.access, retry_reporter(self.settings.host))
                try:
                    return await act(source)
                finally:
                    await source.aclose()

        return asyncio.run(whole())


def retry_reporter(host: str) -> SourceObserver:
    """Return an observer that reports each retry, and one late response, on standard error."""
    from chatkit_tui.sources.base import SourceObserver

    class Reporter(SourceObserver):
        is_late = not is_terminal(sys.stderr)
        """Whether a late response needs no report any more."""

        def on_retry(self, retry: Retry) -> None:
            report(f"{retry.reason}; trying again in {retry.delay:.1f} s")

        def on_late(self) -> None:
            if not self.is_late:
                self.is_late = True
                report(f"still waiting for {host}; Ctrl+C stops")

    return Reporter()


def load_and_report(given: Mapping[str, Given], *, for_screen: bool = False) -> Settings:
    """Return the settings of `load_command_settings`, and report their notes."""
    settings = load_command_settings(given, for_screen=for_screen)
    for note in settings.notes:
        report(note)
    return settings


def connect(given: Mapping[str, Given]) -> Connection:
    """Return the connection of a command for scripts, and report mistakes in the file.

    Raise what `load_command_settings` and `access_to` raise.
    """
    settings = load_and_report(given)
    return Connection(settings, access_to(settings))


def access_to(settings: Settings, *, at_terminal: bool = False) -> Access:
    """Return the secrets that the source wants; none for a demonstration or an archive.

    A command can ask for a password if it is `at_terminal`.

    Raise `ConfigError` if one is missing, and `SecretArgumentError` if an argument contains it.
    """
    from chatkit_tui.config.access import NO_ACCESS, resolve_access

    access = resolve_access(settings, at_terminal=at_terminal)
    if access != NO_ACCESS:
        reject_secret_arguments()
    return access


def new_journal(settings: Settings, access: Access) -> DeletionJournal:
    """Return the journal of deletions in the platform's folder."""
    from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount

    account = JournalAccount(
        settings.host,
        settings.profile,
        settings.project,
        settings.organization,
        access.hint,
    )
    return DeletionJournal(account)


@contextmanager
def deletion_journal(settings: Settings, access: Access) -> Iterator[DeletionJournal]:
    """Yield the journal of deletions; that of a demonstration is temporary."""
    if not settings.demo:
        yield new_journal(settings, access)
        return
    from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
    from chatkit_tui.storage.temporary_folder import temporary_folder

    with temporary_folder() as folder:
        path = folder / "deletions.jsonl"
        yield DeletionJournal(JournalAccount(BUILT_IN), path, lasting=False)
