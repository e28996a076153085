"""`chatkit-tui` without a command: the screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import click

from chatkit_tui.cli.connection import (
    audit_of,
    clock,
    key_of,
    make_client,
    register_of,
    settings_from,
)
from chatkit_tui.cli.failures import complain, end_of
from chatkit_tui.cli.options import Given, connection_options, given_on, screen_options
from chatkit_tui.cli.output import is_terminal
from chatkit_tui.errors import ChatKitError, ConfigError
from chatkit_tui.startup.splash import Splash
from chatkit_tui.terminal.variables import hide_from_textual
from chatkit_tui.text.plain import ui_text

if TYPE_CHECKING:
    from chatkit_tui.config import Settings
    from chatkit_tui.deletion.journal import DeletionJournal
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.secrets import Secret
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.sources.base import ClientLike as ThreadSource
    from chatkit_tui.startup.prefetch import PrefetchedPage
    from chatkit_tui.ui.app import ChatKitApp
    from chatkit_tui.ui.options import Options

_NEAR = 0.05
"""Seconds in which a server on this machine has answered: its threads are drawn before the toolkit
is imported, which would keep them waiting."""
_TYPEWRITERS = ("dumb", "unknown")
"""Names of terminals that only write on."""


def _target(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from chatkit_tui.cli.id_arguments import read_target

    return read_target(context, parameter, value)


@click.command()
@click.argument("target", metavar="[ID | URL]", required=False, callback=_target)
@connection_options
@screen_options
@click.pass_context
def browse(context: click.Context, /, *, target: str | None, **given: Given) -> int:
    """Open the screen; the same as no command at all.

    With an ID, or the address of a thread's log, it opens there.
    """
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise click.UsageError(
            "The screen needs a terminal. For a pipe or a file there are "
            "`chatkit-tui threads list`, `threads show` and `threads items`.",
            context,
        )
    if os.environ.get("TERM") in _TYPEWRITERS:
        raise click.UsageError(
            f"The screen needs a terminal that can place text; TERM={os.environ['TERM']} cannot. "
            "`chatkit-tui threads list`, `threads show` and `threads items` write line by line.",
            context,
        )
    from chatkit_tui.config.keymap import commands_with_keys

    settings = settings_from(given_on(context, given), commands_with_keys())
    # Before the screen opens, since a command that gives the key may ask for a password.
    try:
        key = key_of(settings)
    except ConfigError:
        for note in settings.notes:  # which may say why; there will be no screen to say it on
            complain(note)
        raise
    app = _shown(settings, key, target)
    if app.crash is not None:
        return end_of(app.crash)
    return app.return_code or 0


def _shown(settings: Settings, key: Secret | None, target: str | None) -> ChatKitApp:
    """The app, after it was left."""
    hide_from_textual(os.environ)
    skeleton = Splash()
    app = None
    try:
        skeleton.show((_host(settings), _project(settings)))
        import asyncio  # nearly as much as all that the skeleton needs

        with register_of(settings) as register, audit_of(settings, key) as audit:
            options = screen_of(settings, key, target, audit)
            with asyncio.Runner() as runner:
                with collecting_later():
                    app = runner.run(_begun(settings, key, options, register, skeleton))
                app.run(loop=runner.get_loop())
    finally:
        skeleton.end(give_back=app is None or not app.was_shown)
    return app


async def _begun(
    settings: Settings,
    key: Secret | None,
    options: Options,
    register: SessionHistory,
    skeleton: Splash,
) -> ChatKitApp:
    """The app, with its first call on the way: the server has time to answer until it is drawn.

    Where the answer comes before that, the skeleton shows it.
    """
    import asyncio

    early: list[ThreadSource] = []
    # Modules are imported in a thread, so that the call can go on meanwhile.
    drawing = asyncio.to_thread(import_module, "chatkit_tui.startup.first_threads")
    try:
        first, gateway = _asked(settings, key, options, skeleton)
    except ChatKitError:  # said again, and shown, when the screen asks for it
        await drawing
    else:
        early.append(gateway)
        await asyncio.gather(drawing, first.settle(_NEAR if _is_near(settings) else 0))

    async def connect() -> ThreadSource:
        return early.pop() if early else make_client(settings, key)

    screen = await asyncio.to_thread(import_module, "chatkit_tui.ui.app")
    app: ChatKitApp = screen.ChatKitApp(options, connect, register)
    app.outline = skeleton
    if settings.theme in app.available_themes and not app.no_color:
        app.theme = settings.theme
    return app


def _asked(
    settings: Settings, key: Secret | None, options: Options, skeleton: Splash
) -> tuple[PrefetchedPage, ThreadSource]:
    """A client that has asked for what the list will want first."""
    from chatkit_tui.startup.prefetch import PrefetchedPage, PrefetchingClient
    from chatkit_tui.terminal.link_speed import LinkSpeed

    def draw(page: Page[Thread]) -> None:
        from chatkit_tui.startup.first_threads import draw_threads

        draw_threads(skeleton, options, page)

    client = make_client(settings, key)
    first = PrefetchedPage(
        client,
        limit=LinkSpeed(options.slow).first_page,
        order="desc",
        user=options.user,
        on_page=None if options.target else draw,
    )
    return first, PrefetchingClient(client, first)


def _is_near(settings: Settings) -> bool:
    """Whether the server is on this machine."""
    from chatkit_tui.config.address import is_local

    return settings.demo or is_local(settings.base_url)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Spare what is imported here the garbage collector's rounds: all of it stays."""
    import gc

    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def screen_of(
    settings: Settings, key: Secret | None, target: str | None, audit: DeletionJournal | None = None
) -> Options:
    """What the screen is started with."""
    from datetime import UTC

    from chatkit_tui.cli.zone import MachineZone
    from chatkit_tui.ui.options import Copy, Options, Times

    absolute = Times.UTC if settings.zone == "utc" else Times.LOCAL
    return Options(
        host=_host(settings),
        project=_project(settings),
        key_hint=key.hint if key else "",
        demo=settings.demo,
        read_only=settings.read_only,
        plain=settings.plain,
        copy=Copy(settings.copy),
        mouse=not settings.no_mouse,
        slow=settings.slow,
        dark=settings.theme != "light",
        times=Times.RELATIVE if settings.times == "relative" else absolute,
        zone=UTC if settings.zone == "utc" else MachineZone(),
        keys=settings.keys,
        user=settings.user,
        target=target,
        notes=settings.notes,
        audit=audit,
        clock=clock(settings),
    )


def _host(settings: Settings) -> str:
    return "built-in API" if settings.demo else settings.host


def _project(settings: Settings) -> str:
    return ui_text(" · ").join(name for name in (settings.profile, settings.project) if name)
