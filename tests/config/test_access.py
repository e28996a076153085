"""The secrets of servers and databases, which commands print and nothing else does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.config.access import NO_ACCESS, Access, resolve_access
from chatkit_tui.config.schema import Header
from chatkit_tui.config.settings import DatabaseSettings, ServerSettings, Settings
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret, redact

TOKEN = "shop-token-4f9c2b77"
COOKIE = "session=c00kie-99887766; csrf=qwertz-123456"


def printing(text: str) -> tuple[str, ...]:
    """A command that prints a text and another line."""
    return (sys.executable, "-c", f"print({text!r}); print('login: ada')")


def access_to(source: ServerSettings | DatabaseSettings, **given: Any) -> Access:
    name = "server" if isinstance(source, ServerSettings) else "database"
    settings = Settings(Path("config.toml"), profile="shop", **{name: source})  # type: ignore[arg-type]
    return resolve_access(settings, **given)


def test_a_server_may_want_nothing() -> None:
    assert access_to(ServerSettings("https://h/c", headers=(Header("X-A", "1"),))) == NO_ACCESS


def test_the_first_lines_of_commands_are_token_and_headers() -> None:
    headers = (Header("X-A", "1"), Header("Cookie", command=printing(COOKIE)))
    access = access_to(ServerSettings("https://h/c", None, printing(TOKEN), headers))
    assert access == Access(Secret(TOKEN), (("Cookie", Secret(COOKIE)),))
    assert access.hint == TOKEN[-4:]
    assert "c00kie" not in repr(access)


def test_what_a_command_printed_is_redacted_in_each_of_its_parts() -> None:
    access_to(ServerSettings("https://h/c", headers=(Header("Cookie", command=printing(COOKIE)),)))
    told = redact(f"{COOKIE} and c00kie-99887766 and qwertz-123456")
    assert "c00kie" not in told
    assert "qwertz" not in told


def test_the_token_of_the_environment_replaces_a_header_that_would_say_the_same() -> None:
    never = (sys.executable, "-c", "raise SystemExit(1)")
    server = ServerSettings(
        "https://h/c", Secret(TOKEN), headers=(Header("Authorization", command=never),)
    )
    assert access_to(server) == Access(Secret(TOKEN))


def test_a_command_prints_the_password_of_a_database() -> None:
    address = "postgresql://ada@h/shop"
    assert access_to(DatabaseSettings(address, printing("pa55word-of-ada"))) == (
        Access(Secret("pa55word-of-ada"))
    )
    assert access_to(DatabaseSettings(address)) == NO_ACCESS


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            ServerSettings("https://h/c", None, (sys.executable, "-c", f"exit('{TOKEN}')")),
            "the token_command of profile shop failed with status 1",
        ),
        (ServerSettings("https://h/c", None, ("no-such-program-here",)), "cannot be run (No such"),
        (ServerSettings("https://h/c", None, printing("")), "wrote nothing on its first line"),
        (ServerSettings("https://h/c", None, printing("x" * 70_000)), "more than 65,536 bytes"),
        (ServerSettings("https://h/c", None, printing(f"{TOKEN} {TOKEN}")), "There is a space or"),
        (
            ServerSettings("https://h/c", headers=(Header("X-Key", command=printing("é")),)),
            "There is a character that cannot be sent in header X-Key",
        ),
        (
            DatabaseSettings("postgresql://h/shop", (sys.executable, "-c", "exit(3)")),
            "the password_command of profile shop failed with status 3",
        ),
    ],
)
def test_a_command_that_fails_is_one_line_without_its_output(
    source: ServerSettings | DatabaseSettings, reason: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        access_to(source)
    assert reason in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_command_that_does_not_end_is_stopped() -> None:
    waiting = (sys.executable, "-c", "import time; time.sleep(600)")
    with pytest.raises(ConfigError, match=r"did not end within 0\.2 seconds"):
        access_to(ServerSettings("https://h/c", None, waiting), timeout=0.2)
