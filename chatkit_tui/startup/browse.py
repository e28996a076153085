"""The `browse` command, and `chatkit-tui` without a command: open the screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import click

from chatkit_tui.cli.connection import access_to, deletion_journal, load_command_settings
from chatkit_tui.cli.exit_codes import report_end
from chatkit_tui.cli.help import ExampleCommand
from chatkit_tui.cli.options import Given, connection_options, merge_options, screen_options
from chatkit_tui.cli.output import is_terminal, report
from chatkit_tui.cli.sources import clock, open_source, open_without_blocking, source_info
from chatkit_tui.errors import ChatKitError, ConfigError, DatabaseError
from chatkit_tui.startup.splash import Splash
from chatkit_tui.terminal.environment import (
    correct_color_depth,
    has_256_colors,
    hide_from_textual,
)
from chatkit_tui.text.plain import ui_text

if TYPE_CHECKING:
    from chatkit_tui.config.access import Access
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.deletion.journal import DeletionJournal
    from chatkit_tui.models.page import Page
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.sources.base import SourceObserver, ThreadSource
    from chatkit_tui.startup.prefetch import PrefetchingSource
    from chatkit_tui.startup.profiles import Profiles
    from chatkit_tui.ui.app import ChatKitApp
    from chatkit_tui.ui.options import Options

_LOCAL_TIMEOUT = 0.05
"""Seconds for a server on this machine to respond, whose threads are drawn before the import of
Textual."""
_UNADDRESSABLE = ("dumb", "unknown")
"""Names of terminals that cannot move the cursor."""


def _target(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    del context, parameter
    if value is not None:
        from chatkit_tui.cli.id_arguments import check_target

        check_target(value)
    return value


@click.command(cls=ExampleCommand)
@click.argument("target", metavar="[ID | URL]", required=False, callback=_target)
@click.option("--item", metavar="ID", callback=_target, help="Go to this item of the thread.")
@connection_options
@screen_options
@click.pass_context
def browse(
    context: click.Context, /, *, target: str | None, item: str | None, **given: Given
) -> int:
    """Open the screen, as without a command.

    With an ID, or the address of a thread's log, it opens there; with --item, at an item.
    """
    if item and not target:
        raise click.UsageError("--item needs the ID of its thread.", context)
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise click.UsageError(
            "The screen needs a terminal. For a pipe or a file there are "
            "`chatkit-tui threads list`, `threads show` and `threads items`.",
            context,
        )
    if os.environ.get("TERM") in _UNADDRESSABLE:
        raise click.UsageError(
            f"The screen needs a terminal that can place text; TERM={os.environ['TERM']} cannot. "
            "`chatkit-tui threads list`, `threads show` and `threads items` write line by line.",
            context,
        )

    options = merge_options(context, given)
    settings = load_command_settings(given, for_screen=True)
    # Before the screen opens: a command that prints the key may ask for a password.
    try:
        access = access_to(settings)
    except ConfigError:
        for note in settings.notes:  # they may give the reason, and no screen will show them
            report(note)
        raise
    app = _run(settings, access, target, item or "", options)
    if app.crash is not None:
        return report_end(app.crash)
    return app.return_code or 0


def _run(
    settings: Settings,
    access: Access,
    target: str | None,
    item: str,
    given: Mapping[str, Given],
) -> ChatKitApp:
    hide_from_textual(os.environ)
    correct_color_depth(os.environ)
    splash = Splash()
    app = None
    try:
        splash.show((source_info(settings, access).host, _project(settings)))
        import asyncio  # takes nearly as long as everything for the splash screen

        from chatkit_tui.sessions.history import SessionHistory
        from chatkit_tui.startup.profiles import Profiles
        from chatkit_tui.ui.background_work import freeze_garbage, pause_gc

        history = SessionHistory(lasting=not settings.demo)
        with deletion_journal(settings, access) as journal:
            profiles = Profiles(given, settings, screen_of)
            options = screen_of(settings, access, journal)
            options = options._replace(target=target, target_item=item, profiles=profiles)
            with asyncio.Runner() as runner:
                with pause_gc():
                    app = runner.run(_launch(settings, access, options, history, splash, profiles))
                    freeze_garbage("the start")
                app.run(loop=runner.get_loop())
    finally:
        splash.end(give_back=app is None or not app.was_shown)
    return app


async def _launch(
    settings: Settings,
    access: Access,
    options: Options,
    history: SessionHistory,
    splash: Splash,
    profiles: Profiles,
) -> ChatKitApp:
    """Return the app, with its first request in flight while Textual is imported.

    A response that arrives in time is drawn on the splash screen.
    """
    import asyncio

    from chatkit_tui.ui.options import ShownSource

    prefetching: list[PrefetchingSource] = []
    # A thread imports the modules, so that the request proceeds meanwhile.
    importing = asyncio.to_thread(import_module, "chatkit_tui.startup.first_frame")
    drawing = asyncio.create_task(importing)
    try:
        opened = await open_without_blocking(settings, access) if settings.database else None
        source = _prefetch(settings, access, options, splash, opened)
    except (ConfigError, DatabaseError):
        await drawing
        if settings.server or settings.database:
            raise
    except ChatKitError:  # raised again, and shown, when the screen connects
        await drawing
    else:
        prefetching.append(source)
        options = options._replace(capabilities=source.capabilities)
        await asyncio.gather(drawing, source.wait(_LOCAL_TIMEOUT if _is_local(settings) else 0))

    async def connect(observer: SourceObserver) -> ThreadSource:
        if prefetching:
            return prefetching.pop().attach(observer)
        return await open_without_blocking(settings, access, observer)

    if prefetching and not options.target:
        splash.listen(options.keys)
    profiles.first = ShownSource(options._replace(target=None, target_item=""), connect, history)
    module = await asyncio.to_thread(import_module, "chatkit_tui.ui.app")
    app: ChatKitApp = module.ChatKitApp(options, connect, history)
    app.hand_over = splash.hand_over
    return app


def _prefetch(
    settings: Settings,
    access: Access,
    options: Options,
    splash: Splash,
    opened: ThreadSource | None,
) -> PrefetchingSource:
    """Return the source with its first page in flight; `opened` is the source if it is open."""
    from chatkit_tui.sources.base import ListQuery
    from chatkit_tui.startup.prefetch import PrefetchingSource
    from chatkit_tui.terminal.flow_control import LinkSpeed

    def draw(page: Page) -> None:
        from chatkit_tui.startup.first_frame import Size, draw_page

        size = splash.size
        if size is not None and (frame := draw_page(options, page, Size(*size))) is not None:
            splash.draw(frame)

    return PrefetchingSource(
        lambda observer: opened or open_source(settings, access, observer),
        ListQuery(LinkSpeed(options.slow).first_page, "desc", user=options.user),
        None if options.target else draw,
    )


def _is_local(settings: Settings) -> bool:
    from chatkit_tui.config.address import is_local, is_postgres
    from chatkit_tui.config.schema import SourceKind

    if settings.kind is SourceKind.DATABASE:
        return not is_postgres(settings.address)
    return settings.kind not in (SourceKind.HOSTED, SourceKind.SERVER) or is_local(settings.address)


def screen_of(
    settings: Settings, access: Access, journal: DeletionJournal | None = None
) -> Options:
    """Return the options of the screen."""
    from datetime import UTC

    from chatkit_tui.cli.backup import backup_of
    from chatkit_tui.inspection.notes import NoteStore
    from chatkit_tui.ui.options import Copy, Options, Times

    absolute = Times.UTC if settings.zone == "utc" else Times.LOCAL
    return Options(
        source=source_info(settings, access),
        profile=settings.profile or "",
        color=settings.color,
        project=settings.project or "",
        read_only=settings.read_only,
        plain=settings.plain,
        copy=Copy(settings.copy),
        mouse=not settings.no_mouse,
        preview=not settings.no_preview,
        slow=settings.slow,
        text_width=settings.text_width,
        theme=_theme(settings),
        remember=partial(_remember, settings),
        first_start=settings.first_start,
        times=Times.RELATIVE if settings.times == "relative" else absolute,
        zone=UTC if settings.zone == "utc" else None,
        keys=settings.keys,
        filters=settings.filters,
        user=settings.user,
        reopen=reopening_options(settings),
        notes=settings.notes,
        backups=partial(backup_of, settings),
        journal=journal,
        thread_notes=NoteStore(settings.notes_key, lasting=not settings.demo),
        clock=clock(settings),
    )


def _theme(settings: Settings) -> str:
    """Return the name of the theme for this terminal."""
    from chatkit_tui.ui.tokens import theme_for

    return theme_for(settings.theme, fixed_colors=has_256_colors(os.environ))


def _remember(settings: Settings, name: str, value: object) -> str:
    """Remember a choice; return why it does not hold at the next start, or nothing."""
    from chatkit_tui.storage.remembered import REMEMBERED, remember, state_path

    try:
        remember(state_path(), name, value)
    except OSError as error:
        return f"not remembered: {error.strerror or error}"
    origin = settings.origins.get(name, REMEMBERED)
    return "" if origin == REMEMBERED else f"the next start has that of {origin}"


def reopening_options(settings: Settings) -> tuple[str, ...]:
    """Return the options that select the same source; none that contains a secret."""
    from urllib.parse import urlsplit

    from chatkit_tui.config.schema import BY_NAME, SourceKind
    from chatkit_tui.secrets import holds_secret

    options: list[str] = []
    if settings.demo:
        is_hosted = settings.protocol == "hosted"
        return ("--demo",) if is_hosted else ("--demo", "--protocol", settings.protocol)
    if settings.profile:
        options += ["--profile", settings.profile]

    def is_given(name: str) -> bool:
        """Return whether the command line or the environment has a setting."""
        setting = BY_NAME[name]
        return settings.origins.get(name) in (setting.flag, setting.variable)

    kind = settings.kind
    if is_given(kind):
        address = str(settings.archive.absolute()) if settings.archive else settings.address
        has_user = kind is SourceKind.HOSTED and "@" in urlsplit(address).netloc
        if not has_user and not holds_secret(address):
            options += [kind.flag, address]
    return tuple(options)


def _project(settings: Settings) -> str:
    return ui_text(" · ").join(name for name in (settings.profile, settings.project) if name)
