"""`chatkit-tui sessions`: create, cancel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chatkit_tui.cli.connection import clock, connect, register_of
from chatkit_tui.cli.failures import complain
from chatkit_tui.cli.options import Given, connection_options, filled, given_on, json_option
from chatkit_tui.cli.output import cell, named, telling, write, write_json

if TYPE_CHECKING:
    from chatkit_tui.config import Settings
    from chatkit_tui.models.sessions import Session, SessionRequest

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
    """One option for each field; its help is the field's own limit and default."""
    from chatkit_tui.session_fields import SESSION_FIELDS

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


@click.group()
def sessions() -> None:
    """Create and cancel sessions."""


@sessions.command()
@_field_options
@json_option
@click.option("--show-secret", is_flag=True, help="Show the client secret in text, too.")
@connection_options
@click.pass_context
def create(context: click.Context, /, *, as_json: bool, show_secret: bool, **given: Given) -> None:
    """Create a session for one end user.

    What is left out is up to the server, whose defaults stand in brackets. A VALUE of a state
    variable is a number, true or false where it looks like one; '"12"' is the text.

    The client secret is masked in text; --json gives it, and --show-secret. Nothing keeps it.
    """
    filled = {name: given.pop(name) for name in list(given) if name.startswith(_PREFIX)}
    request = _request({name.removeprefix(_PREFIX): value for name, value in filled.items()})

    connection = connect(given_on(context, given))
    fields = request.model_dump(exclude_none=True)
    session = connection.run(lambda client: client.sessions.create(**fields))
    _remember(session, connection.settings)  # before anything that could fail
    name, advice = "A session without an id", ""
    if session.id:
        name, advice = (
            f"Session {session.id}",
            f"`chatkit-tui sessions cancel {session.id}` ends it.",
        )
    with telling(f"{name} was made", advice):
        _write_session(session, as_json=as_json, show_secret=show_secret)


@sessions.command()
@click.argument("session_id", metavar="ID", callback=filled())
@json_option
@connection_options
@click.pass_context
def cancel(context: click.Context, /, *, session_id: str, as_json: bool, **given: Given) -> None:
    """Cancel a session: nobody can talk through it any longer."""

    connection = connect(given_on(context, given))
    session = connection.run(lambda client: client.sessions.cancel(session_id))
    with register_of(connection.settings) as register:
        register.mark(session_id, session.status)
    with telling(f"Session {session_id} was cancelled", ""):
        _write_session(session, as_json=as_json)


def _remember(session: Session, settings: Settings) -> None:
    """Keep the session in the list of those made from here, without its secret."""
    from chatkit_tui.register import SessionRecord

    with register_of(settings) as register:
        made = int(clock(settings)())
        register.add(SessionRecord.of(session, created_at=made, host=settings.host))
        if register.trouble:
            complain(register.trouble)


def _request(given: dict[str, object]) -> SessionRequest:
    """A request of what the options say. Raises `click.UsageError` for what cannot be sent."""
    from chatkit_tui.session_fields import SESSION_FIELDS, FieldError, session_request

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
    except FieldError as error:
        said = "; ".join(
            f"{FIELD_OPTIONS[path].split()[0]}: {message}"
            for path, message in error.messages.items()
        )
        raise click.UsageError(f"{said}.") from None


def _state_line(pair: str) -> str:
    """NAME=VALUE with the value as JSON, so that line breaks and spaces in it survive."""
    from chatkit_tui.session_fields import read_state_value

    name, sign, value = pair.partition("=")
    return f"{name}={json.dumps(read_state_value(value))}" if sign else pair


def _write_session(session: Session, *, as_json: bool, show_secret: bool = False) -> None:
    if as_json:
        write_json(session.raw.rstrip() + b"\n")
        return
    from datetime import UTC

    from chatkit_tui.render.sessions import masked_secret, session_facts

    facts = list(session_facts(session, UTC))
    secret = session.client_secret.get_secret_value() if session.client_secret else ""
    if secret:
        facts.append(("client secret", cell(secret) if show_secret else masked_secret(secret)))
    write(named(facts))
