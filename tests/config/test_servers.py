"""Servers and databases: their settings, what is refused, and which of several sources counts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.config.describe import describe
from chatkit_tui.config.file import read_file
from chatkit_tui.config.resolve import load_settings
from chatkit_tui.config.schema import Header, SourceKind
from chatkit_tui.config.settings import DatabaseSettings, ServerSettings, Settings
from chatkit_tui.errors import ConfigError
from tests.config.conftest import Write

SERVER = """\
[profiles.shop]
server = "https://shop.example/support/chatkit/?a=b"
token_command = ["shopctl", "token"]
user_header = "X-User-Id"
naive_times = "Asia/Tokyo"
user = "ada"
[profiles.shop.headers]
X-Project-Id = "7"
Cookie = { command = ["shopctl", "cookie"] }
"""
DATABASE = """\
[profiles.db]
database = "/srv/shop/chatkit.db"
threads = "chat_threads"
item_json = "payload"
"""
TOKEN = "start-token-4f9c2b77"
OPENAI = {
    "OPENAI_API_KEY": "sk-environment-5up3r53cr3t-1a2b",
    "OPENAI_BASE_URL": "https://env.example/v1",
    "OPENAI_ORG_ID": "org_env",
    "OPENAI_PROJECT_ID": "proj_env",
}


def load(path: Path, environ: Mapping[str, str] | None = None, **given: str | bool) -> Settings:
    return load_settings(given, environ or {}, path)


def refused(path: Path, environ: Mapping[str, str] | None = None, **given: str | bool) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ, **given)
    return str(caught.value)


def test_a_profile_has_a_server_and_what_is_sent_to_it(write: Write) -> None:
    settings = load(write(SERVER), profile="shop")
    assert settings.server == ServerSettings(
        "https://shop.example/support/chatkit/?a=b",
        token_command=("shopctl", "token"),
        headers=(Header("X-Project-Id", "7"), Header("Cookie", command=("shopctl", "cookie"))),
        user_header="X-User-Id",
        naive_times="Asia/Tokyo",
    )
    assert (settings.kind, settings.notes) == (SourceKind.SERVER, ())
    assert settings.host == settings.notes_key == "shop.example/support/chatkit"
    assert not settings.read_only


def test_a_profile_has_a_database_which_is_read_only(write: Write) -> None:
    settings = load(write(DATABASE), profile="db")
    assert settings.database == DatabaseSettings(
        "/srv/shop/chatkit.db", threads="chat_threads", item_json="payload"
    )
    assert (settings.kind, settings.notes) == (SourceKind.DATABASE, ())
    assert (settings.host, settings.notes_key) == ("chatkit.db", "/srv/shop/chatkit.db")
    assert settings.read_only
    assert settings.origins["read_only"] == "a database is read-only"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_a_postgres_database_is_named_by_its_host(write: Write, scheme: str) -> None:
    settings = load(write(""), database=f"{scheme}://ada@db.example:5433/shop?sslmode=require")
    assert settings.host == settings.notes_key == "db.example:5433/shop"


class Guarded(dict[str, str]):
    """An environment without variables of the hosted API: reading one fails."""

    def get(self, name: str, default: Any = None) -> Any:
        assert not name.startswith("OPENAI_"), f"{name} was read"
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        raise AssertionError(f"{name} was read")


@pytest.mark.parametrize(
    "given",
    [
        {"profile": "shop"},
        {"profile": "db"},
        {"server": "https://h.example/chatkit"},
        {"database": "b"},
    ],
)
def test_no_variable_of_the_hosted_api_is_read_for_a_server_or_a_database(
    write: Write, given: dict[str, Any]
) -> None:
    settings = load(write(f"{SERVER}{DATABASE}"), Guarded(OPENAI), **given)
    assert (settings.api_key, settings.project, settings.organization) == (None, None, None)
    assert settings.notes == ()
    assert not {"base_url", "api_key", "project", "organization"} & settings.origins.keys()


def test_the_token_of_the_environment_overrides_the_command(write: Write) -> None:
    settings = load(write(SERVER), {"CHATKIT_TUI_TOKEN": TOKEN}, profile="shop")
    assert settings.server is not None
    assert settings.server.token is not None
    assert settings.server.token.reveal() == TOKEN
    assert settings.server.token_command is None
    assert settings.notes == (
        "CHATKIT_TUI_TOKEN is set and overrides token_command of profile shop",
    )
    assert TOKEN not in repr(settings)


def test_the_token_of_the_environment_overrides_a_header_with_a_note(write: Write) -> None:
    path = write(
        '[profiles.a]\nserver = "https://h/c"\nheaders.authorization = { command = ["t"] }\n'
    )
    [note] = load(path, {"CHATKIT_TUI_TOKEN": TOKEN}, profile="a").notes
    assert note == "CHATKIT_TUI_TOKEN is set and overrides the header Authorization of profile a"


def test_a_server_of_the_command_line_gets_no_secret_of_a_profile_with_another(
    write: Write,
) -> None:
    path = write(SERVER)
    settings = load(path, profile="shop", server="https://other.example/chatkit")
    assert settings.server == ServerSettings("https://other.example/chatkit")
    same = "https://shop.example/support/chatkit/?a=b"
    assert load(path, profile="shop", server=same).server == load(path, profile="shop").server


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"base_url": "https://h/v1", "demo": True}, "--base-url and --demo"),
        ({"server": "https://h/c", "base_url": "https://h/v1"}, "--base-url and --server"),
        ({"archive": "a", "database": "b"}, "--archive and --database"),
        ({"server": "https://h/c", "database": "b", "demo": True}, "--server and --database and"),
    ],
)
def test_sources_of_the_command_line_exclude_each_other(
    write: Write, given: dict[str, Any], names: str
) -> None:
    assert f"{names}" in refused(write(""), **given)


def test_a_flag_and_the_archive_of_the_environment_override_the_profile(write: Write) -> None:
    path = write(f"{SERVER}{DATABASE}")
    assert load(path, profile="shop", archive="a.db").kind is SourceKind.ARCHIVE
    assert load(path, profile="shop", demo=True).kind is SourceKind.DEMO
    settings = load(path, {"CHATKIT_TUI_ARCHIVE": "/a.db"}, profile="db")
    assert settings.kind is SourceKind.ARCHIVE
    assert settings.notes == ("CHATKIT_TUI_ARCHIVE is set and overrides database of profile db",)


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        ('server = "https://h/c"\nbase_url = "https://h/v1"', 3, "both server and base_url"),
        ('archive = "a"\ndatabase = "b"', 3, "both archive and database: remove one"),
        ('base_url = "https://h/v1"\narchive = "a"', 3, "both base_url and archive: remove one"),
        ('server = "h.example/chatkit"', 2, "server must begin with https:// and a host"),
        ('server = "https://ada:hunter22@h/c"', 2, "server contains a user name"),
        ('server = "https://h/c?api_key=hunter22"', 2, "server contains a secret behind its ?"),
        ('server = "https://h/c#hunter22"', 2, "server contains a fragment"),
        ('server = "https://h/c d"', 2, "server contains a space or a character"),
        ("server = 3", 2, "server must be text in quotes"),
        ('sever = "https://h/c"\nuser_header = "X-U"', 2, "did you mean server?"),
        ('token_command = ["a"]', 2, "token_command belongs to server, which is not in"),
        ('naive_times = "UTC"', 2, "naive_times belongs to server or database, which"),
        ('base_url = "https://h/v1"\nowner = "u"', 3, "owner belongs to database, which"),
        ('database = "b"\nuser_header = "X-U"', 3, "user_header belongs to server, which"),
        ('server = "https://h/c"\nproject = "p"', 3, "project belongs to base_url, which"),
        ('server = "https://h/c"\nnaive_times = "Mars"', 3, "naive_times must be a time zone"),
        ('server = "https://h/c"\nuser_header = "X U"', 3, "user_header must be the name of"),
        ('server = "https://h/c"\nuser = "ada"', 3, "user needs user_header"),
        ('server = "https://h/c"\ntoken = "hunter22"', 3, "Set CHATKIT_TUI_TOKEN"),
        ('server = "https://h/c"\nheaders = "hunter22"', 3, "headers must be a table of headers"),
        (
            'server = "https://h/c"\nheaders.Authorization = "hunter22"',
            3,
            "headers: Authorization contains a secret: a command must give it",
        ),
        ('server = "https://h/c"\nheaders.cookie = "a=hunter22"', 3, "headers: cookie contains a"),
        ('server = "https://h/c"\nheaders.X-Api-KEY = "hunter22"', 3, "X-Api-KEY contains a"),
        ('server = "https://h/c"\nheaders.X-Auth-Token = "hunter22"', 3, "contains a secret"),
        ('server = "https://h/c"\nheaders.X-Secret = "hunter22"', 3, "contains a secret"),
        (
            'server = "https://h/c"\nheaders.X-A = "Bearer hunter22hunter22hunter22"',
            3,
            "contains a secret",
        ),
        ('server = "https://h/c"\nheaders.Host = "h"', 3, "headers: Host cannot be set"),
        ('server = "https://h/c"\nheaders."A B" = "h"', 3, "headers: A B cannot be set"),
        ('server = "https://h/c"\nheaders.X-A = "é"', 3, "a character that cannot be sent"),
        ('server = "https://h/c"\nheaders.X-A = 3', 3, "headers: X-A must be text in quotes, or {"),
        ('server = "https://h/c"\nheaders.X-A = { command = [] }', 3, "must be text in quotes, or"),
        ('server = "https://h/c"\nheaders.X-A = "1"\nheaders.x-a = "2"', 4, "x-a is given twice"),
        (
            'server = "https://h/c"\ntoken_command = "t"\n'
            'headers.Authorization = { command = ["t"] }',
            3,
            "both token_command and a header Authorization",
        ),
        (
            'server = "https://h/c"\nuser_header = "X-U"\nheaders.x-u = "ada"',
            3,
            "user_header is also in headers",
        ),
        ('database = "postgresql://ada:hunter22@h/db"', 2, "database contains a password: remove"),
        ('database = "postgresql://h/db?password=hunter22"', 2, "database contains a password"),
        ('database = "host=h password=hunter22"', 2, "database contains a password"),
        ('database = "mysql://h/db"', 2, "database must be the path of a SQLite file"),
        ('database = "b"\npassword = "hunter22"', 3, "Set PGPASSWORD, ~/.pgpass or"),
    ],
)
def test_a_mistake_about_the_source_refuses_the_profile_and_quotes_no_value(
    write: Write, lines: str, line: int, reason: str
) -> None:
    path = write(f"[profiles.a]\n{lines}\n[profiles.b]\n")
    notes = [note.text("config.toml") for note in read_file(path).notes]
    assert any(f"config.toml line {line}: " in note and reason in note for note in notes), notes
    told = refused(path, OPENAI, profile="a")
    assert told.startswith("Profile a cannot be used: config.toml line ")
    assert "hunter22" not in f"{notes}{told}"
    assert load(path, profile="b").kind is SourceKind.HOSTED


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"database": "postgresql://ada:hunter22@h/db"}, "--database contains a password: remove"),
        ({"database": "sqlite:///b"}, "--database must be the path of a SQLite file"),
        ({"server": "https://ada:hunter22@h/c"}, "--server contains a user name"),
        ({"server": "h/c"}, "--server must begin with https:// and a host"),
    ],
)
def test_an_address_of_the_command_line_that_holds_a_secret_is_refused(
    write: Write, given: dict[str, Any], reason: str
) -> None:
    told = refused(write(""), **given)
    assert reason in told
    assert "hunter22" not in told


def test_an_unencrypted_server_has_a_note(write: Write) -> None:
    [note] = load(write(""), server="http://h.example/chatkit").notes
    assert "http://h.example is not encrypted" in note
    assert load(write(""), server="http://127.0.0.1:8000/chatkit").notes == ()


def test_what_is_sent_to_a_server_is_described_without_arguments_of_commands(write: Write) -> None:
    rows = {row.name: row for row in describe(load(write(SERVER), OPENAI, profile="shop"))}
    assert rows["server"].value == "https://shop.example/support/chatkit/?…"
    assert rows["token"].value == "output of shopctl"
    assert rows["headers.X-Project-Id"].value == "7"
    assert rows["headers.Cookie"].value == "output of shopctl"
    assert rows["naive_times"].value == "Asia/Tokyo"
    assert rows["naive_times"].origin == "profile shop, config.toml line 5"
    assert "base_url" not in rows
    assert "api_key" not in rows


def test_of_a_token_the_last_characters_are_described(write: Write) -> None:
    settings = load(write(""), {"CHATKIT_TUI_TOKEN": TOKEN}, server="https://h/c")
    assert ("token", "…2b77", "CHATKIT_TUI_TOKEN") in describe(settings)
    settings = load(write(""), server="https://h/c")
    assert ("token", "none", "CHATKIT_TUI_TOKEN or token_command, if the server wants one") in (
        describe(settings)
    )


def test_a_database_is_described(write: Write) -> None:
    rows = {row.name: row for row in describe(load(write(DATABASE), profile="db"), as_json=True)}
    assert rows["database"].value == "/srv/shop/chatkit.db"
    assert (rows["threads"].value, rows["items"].value) == ("chat_threads", None)
    assert "base_url" not in rows
