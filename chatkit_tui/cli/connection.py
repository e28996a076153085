"""From the command line to a client: settings, the log, the key, the built-in API."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chatkit_tui.cli.failures import complain
from chatkit_tui.cli.log import start_log
from chatkit_tui.cli.options import refuse_secrets_given
from chatkit_tui.cli.output import is_terminal
from chatkit_tui.text.plain import set_plain

if TYPE_CHECKING:
    from chatkit_tui.cli.options import Given
    from chatkit_tui.config import KeyUse, Settings
    from chatkit_tui.deletion.journal import DeletionJournal
    from chatkit_tui.secrets import Secret
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.sources.openai import ChatKitClient, Retry

T = TypeVar("T")


def settings_from(
    given: Mapping[str, Given], commands: Mapping[str, KeyUse] | None = None
) -> Settings:
    """The settings in force, with the log begun.

    `commands` are those that the file's keys can name. Raises `ConfigError` for what cannot be
    started with; what is merely wrong in the file stands in the settings' `notes`.
    """
    from chatkit_tui.config import load_settings

    settings = load_settings(given, os.environ, commands=commands)
    set_plain(settings.plain)
    if settings.log_file:
        start_log(settings.log_file)
    return settings


@dataclass(frozen=True, slots=True)
class Connection:
    """The settings in force and the key to them."""

    settings: Settings
    key: Secret | None
    """None for a demonstration, which needs none."""

    def run(self, act: Callable[[ChatKitClient], Awaitable[T]]) -> T:
        """Do something with a client, on an event loop of its own, and give what it gives.

        Each wait before another try is told on standard error, and so is a late answer if that is
        a terminal. Ctrl+C ends it within a second. Raises what `act` raises.
        """

        import asyncio  # the outline of the screen does without

        from chatkit_tui.cli.interruption import ends_soon

        async def whole() -> T:
            with ends_soon():
                client = make_client(
                    self.settings,
                    self.key,
                    on_retry=_tell_wait,
                    on_late=self._late() if is_terminal(sys.stderr) else None,
                )
                async with client:
                    return await act(client)

        return asyncio.run(whole())

    def _late(self) -> Callable[[], None]:
        """Return what says, once, that the server takes its time."""
        said: list[str] = []

        def tell() -> None:
            if not said:
                said.append(f"still waiting for {self.settings.host}; Ctrl+C stops")
                complain(said[0])

        return tell


def connect(given: Mapping[str, Given]) -> Connection:
    """What a command for scripts works with; what is wrong in the file is told on standard error.

    Raises `ConfigError` when there is no key, or for what cannot be started with.
    """
    settings = settings_from(given)
    for note in settings.notes:
        complain(note)
    return Connection(settings, key_of(settings))


def key_of(settings: Settings) -> Secret | None:
    """The key of these settings; None for a demonstration, which needs none.

    Raises `ConfigError` when there is no key, and `SecretGivenError` when it is an argument, too.
    """
    if settings.demo:
        return None
    from chatkit_tui.config import resolve_api_key

    key = resolve_api_key(settings)
    refuse_secrets_given()
    return key


def make_client(
    settings: Settings,
    key: Secret | None,
    *,
    on_retry: Callable[[Retry], None] | None = None,
    on_late: Callable[[], None] | None = None,
) -> ChatKitClient:
    """A client of these settings; in a demonstration, one of a built-in API of its own.

    `key` may be None for a demonstration alone. Raises `ConfigError` when there is none, or an
    address that cannot be one.
    """
    from chatkit_tui.sources.openai import ChatKitClient

    if settings.demo:
        from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
        from chatkit_tui.emulator.transport import EmulatorTransport

        return ChatKitClient(
            api_key=DEMO_KEY,
            base_url=DEMO_URL,
            organization="",
            project="",
            transport=EmulatorTransport(Emulator(clock=clock(settings))),
            read_only=settings.read_only,
        )
    return ChatKitClient(
        api_key=key.reveal() if key else "",
        base_url=settings.base_url,
        organization=settings.organization or "",
        project=settings.project or "",
        read_only=settings.read_only,
        on_retry=on_retry,
        on_late=on_late,
    )


def clock(settings: Settings) -> Callable[[], float]:
    """The present in Unix seconds: the machine's, or that of the sample data."""
    if not settings.demo:
        return time.time
    from chatkit_tui.emulator import running_clock

    return running_clock()


@contextmanager
def register_of(settings: Settings) -> Iterator[SessionHistory]:
    """The list of sessions made from here; a demonstration has one of its own, gone at the end."""
    from chatkit_tui.sessions.history import SessionHistory

    if not settings.demo:
        yield SessionHistory()
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="chatkit-tui-") as folder:
        yield SessionHistory(Path(folder) / "sessions.jsonl")


@contextmanager
def audit_of(settings: Settings, key: Secret | None) -> Iterator[DeletionJournal]:
    """The record of what is deleted from here; a demonstration has one of its own, gone at the
    end."""
    from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount

    if not settings.demo:
        account = JournalAccount(
            settings.host,
            settings.profile,
            settings.project,
            settings.organization,
            key.hint if key else "",
        )
        yield DeletionJournal(account)
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="chatkit-tui-") as folder:
        path = Path(folder) / "deletions.jsonl"
        yield DeletionJournal(JournalAccount("built-in API"), path, lasting=False)


def _tell_wait(retry: Retry) -> None:
    complain(f"{retry.reason}; trying again in {retry.delay:.1f} s")
