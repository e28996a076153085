"""`chatkit-tui sessions`: create, cancel, list."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chatkit_tui.cli.connection import connect
from chatkit_tui.cli.exit_codes import DONE, FAILED, for_each
from chatkit_tui.cli.help import ExampleGroup
from chatkit_tui.cli.id_arguments import exact_option, id_arguments, read_ids
from chatkit_tui.cli.options import Given, connection_options, json_option
from chatkit_tui.cli.output import (
    cell,
    definitions,
    delivering,
    exact_cell,
    report,
    table,
    timestamp,
    write,
    write_json,
)
from chatkit_tui.cli.sources import clock
from chatkit_tui.errors import APIError, ConfigError
from chatkit_tui.models.references import strip_id
from chatkit_tui.models.timestamps import LAST_SECOND, Timestamp
from chatkit_tui.sessions.form import (
    SESSION_FIELDS,
    SessionFieldError,
    read_state_value,
    session_request,
)
from chatkit_tui.sessions.history import UNKNOWN, SessionHistory, SessionRecord
from chatkit_tui.sources.base import Capability

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session, SessionRequest
    from chatkit_tui.sources.base import ThreadSource

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

FIELD_OPTIONS: dict[str, str] = {
    "user": "--user NAME",
    "workflow.id": "--workflow ID",
    "workflow.version": "--version NAME",
    "workflow.state_variables": "--state NAME=VALUE",
    "workflow.tracing.enabled": "--tracing",
    "expires_after.seconds": "--expires SECONDS",
    "rate_limits.max_requests_per_1_minute": "--rate N",
    "chatkit_configuration.automatic_thread_titling.enabled": "--titling",
    "chatkit_configuration.file_upload.enabled": "--uploads",
    "chatkit_configuration.file_upload.max_file_size": "--max-file-size MB",
    "chatkit_configuration.file_upload.max_files": "--max-files N",
    "chatkit_configuration.history.enabled": "--history",
    "chatkit_configuration.history.recent_threads": "--recent-threads N",
}
"""The option of each field of a session request, by the field's path."""


_PREFIX = "field__"


def _field_options(command: CommandT) -> CommandT:
    """Add an option for each field; its help has the limit and default of the field."""
    for field in reversed(SESSION_FIELDS):
        name, _, metavar = FIELD_OPTIONS[field.path].partition(" ")
        parameter = _PREFIX + field.path.replace(".", "__")
        default = "required" if field.required else field.default
        described = f"{field.label}: {field.limit} [{default}]"
        if field.kind == "switch":
            option = click.option(
                f"{name}/--no-{name[2:]}", parameter, default=None, help=described
            )
        else:
            option = click.option(
                name, parameter, metavar=metavar, help=described, multiple=field.kind == "pairs"
            )
        command = option(command)
    return command


@click.group(cls=ExampleGroup)
def sessions() -> None:
    """Create and cancel sessions; list those created here."""


@sessions.command()
@_field_options
@exact_option
@json_option
@click.option("--show-secret", is_flag=True, help="Show the client secret.")
@connection_options
def create(*, exact: bool, as_json: bool, show_secret: bool, **given: Given) -> None:
    """Create a session for one end user.

    The server's defaults are in brackets. The VALUE of a state variable is a number, true or false
    if it looks like one; '"12"' is a text.

    The client secret is masked unless --json or --show-secret is given. It is never stored.
    """
    filled = {name: given.pop(name) for name in list(given) if name.startswith(_PREFIX)}
    request = _request(
        {name.removeprefix(_PREFIX): value for name, value in filled.items()}, exact=exact
    )
    connection = connect(given)
    settings = connection.settings
    history = SessionHistory(lasting=not settings.demo)
    created_at = int(clock(settings)())

    def record(session: Session | None) -> None:
        user, workflow = request.user, request.workflow.id
        history.add(
            SessionRecord.of(session, created_at=created_at, host=settings.host)
            if session
            else SessionRecord("", user, workflow, None, created_at, settings.host, UNKNOWN)
        )

    session = connection.run(
        lambda source: _send_and_record(
            lambda: _with_sessions(source).create_session(request),
            record,
            history,
            "the session was created. Create another if you need it: an unused one ends within 10 "
            "minutes.",
        )
    )
    name, advice = "A session without an id", ""
    if session.id:
        name = f"Session {session.id}"
        advice = f"`chatkit-tui sessions cancel {session.id}` ends it."
    with delivering(f"{name} was created", advice):
        _write_session(session, as_json=as_json, show_secret=show_secret)


@sessions.command()
@id_arguments
@json_option
@connection_options
def cancel(*, ids: tuple[str, ...], exact: bool, as_json: bool, **given: Given) -> int:
    """Cancel sessions, so that their client secrets stop working.

    An ID can be a URL that contains the id. `-` reads ids from standard input, one per line.
    """
    wanted = read_ids(ids, exact=exact, sessions=True)
    connection = connect(given)
    history = SessionHistory(lasting=not connection.settings.demo)
    gaps = chain([""], repeat("" if as_json else "\n"))

    async def cancel_one(source: ThreadSource, session_id: str) -> None:
        session = await _send_and_record(
            lambda: source.cancel_session(session_id),
            lambda session: history.mark(session_id, session.status if session else UNKNOWN),
            history,
            f"session {session_id} was cancelled. Cancel it again: that does no harm.",
        )
        with delivering(f"Session {session_id} was cancelled", ""):
            write(next(gaps))
            _write_session(session, as_json=as_json)

    return connection.run(
        lambda source: for_each(wanted.ids, partial(cancel_one, _with_sessions(source)))
    )


def _with_sessions(source: ThreadSource) -> ThreadSource:
    """Return the source. Raise `ConfigError` if it has no sessions."""
    if Capability.SESSIONS not in source.capabilities:
        name = source.info.name
        article = "an" if name.startswith("a") else "a"
        raise ConfigError(f"Only the hosted API has sessions; this is {article} {name}.")
    return source


async def _send_and_record(
    send: Callable[[], Awaitable[Session]],
    record: Callable[[Session | None], None],
    history: SessionHistory,
    in_doubt: str,
) -> Session:
    """Return the session that a request creates or changes, and record it.

    `record` gets None if the outcome is unknown. `in_doubt` is what to report after a signal: what
    is not known, and what to do.
    """
    from chatkit_tui.cli.signals import SignalReceivedError, until_signal

    def record_and_report(session: Session | None) -> None:
        record(session)
        if history.file_error:
            report(history.file_error)

    async def send_and_record() -> Session:
        session = await send()
        # At once: nothing can fail, and no signal is handled, before it.
        record_and_report(session)
        return session

    try:
        return await until_signal(send_and_record())
    except SignalReceivedError:
        report(f"Stopped while the request was in flight: it is not known whether {in_doubt}")
        record_and_report(None)
        raise
    except APIError as error:
        if error.in_doubt:
            record_and_report(None)
        raise


@sessions.command("list")
@json_option
@click.pass_context
def list_sessions(context: click.Context, /, *, as_json: bool) -> int:
    """List the sessions created on this machine, newest first. The API cannot list sessions.

    They are read from a file, which has no client secrets; no key is needed. Each line has the id,
    the last known status, the user, the workflow, the times of creation and expiry, and the host.
    """
    history = SessionHistory()
    records = [] if (context.find_root().obj or {}).get("demo") else history.all()
    if history.file_error:
        report(history.file_error)
        return FAILED
    if as_json:
        write_json(_session_list(records))
    elif records:
        header = ("ID", "STATUS", "USER", "WORKFLOW", "CREATED", "EXPIRES", "HOST")
        write(table([_session_cells(record) for record in records], header=header))
    else:
        report("sessions: none created on this machine")
    return DONE


def _session_list(records: Sequence[SessionRecord]) -> bytes:
    names = ("user", "workflow", "status", "created_at", "expires_at", "host")
    data = [
        {"id": record.id or None, **{name: getattr(record, name) for name in names}}
        for record in records
    ]
    ids = [row["id"] for row in data] or [None]
    listed = {"object": "list", "data": data, "first_id": ids[0], "last_id": ids[-1]}
    return json.dumps({**listed, "has_more": False}, indent=2).encode() + b"\n"


def _session_cells(record: SessionRecord) -> tuple[str, ...]:
    return (
        exact_cell(record.id) or "-",
        cell(record.status),
        exact_cell(record.user or "") or "-",
        exact_cell(record.workflow or "") or "-",
        timestamp(_time(record.created_at)),
        timestamp(_time(record.expires_at)),
        cell(record.host) or "-",
    )


def _time(seconds: int | None) -> Timestamp | None:
    """Return a time from the file, or None if it is missing or invalid."""
    return Timestamp(seconds) if seconds is not None and 0 <= seconds <= LAST_SECOND else None


def _request(given: dict[str, object], *, exact: bool) -> SessionRequest:
    """Return the request for the options. Raise `click.UsageError` if it is invalid."""
    workflow = given["workflow__id"]
    if isinstance(workflow, str) and not exact:
        given = {**given, "workflow__id": strip_id(workflow)}
    values: dict[str, str] = {}
    for field in SESSION_FIELDS:
        value = given[field.path.replace(".", "__")]
        if isinstance(value, bool):
            values[field.path] = "on" if value else "off"
        elif isinstance(value, tuple):
            values[field.path] = "\n".join(_state_line(pair) for pair in value)
        elif value is not None:
            values[field.path] = str(value)
    try:
        return session_request(values)
    except SessionFieldError as error:
        messages = "; ".join(
            f"{FIELD_OPTIONS[path].split()[0]}: {message}"
            for path, message in error.messages.items()
        )
        raise click.UsageError(f"{messages}.") from None


def _state_line(pair: str) -> str:
    """Return NAME=VALUE with the value as JSON, which preserves line breaks and spaces."""
    name, sign, value = pair.partition("=")
    return f"{name}={json.dumps(read_state_value(value))}" if sign else pair


def _write_session(session: Session, *, as_json: bool, show_secret: bool = False) -> None:
    if as_json:
        write_json(session.raw.rstrip() + b"\n")
        return
    from chatkit_tui.render.sessions import masked_secret, session_facts

    facts = list(session_facts(session, UTC))
    secret = session.client_secret.reveal() if session.client_secret else ""
    if secret:
        facts.append(("client secret", cell(secret) if show_secret else masked_secret(secret)))
    write(definitions(facts))
