"""Every command on a self-hosted server, over HTTP."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_tui.sources.archive.source import archive_info
from tests.chatkit_server.app import USER_HEADER, ChatServer
from tests.chatkit_server.loopback import served
from tests.chatkit_server.samples import add_thread, fill, message
from tests.chatkit_server.stores import CarelessStore, MemoryStore
from tests.cli.conftest import Command
from tests.sources.database.stores import PLAIN, item, make_file, thread

TOKEN = "shop-token-4f9c2b77"
COOKIE = "session=c00kie-99887766; theme=dark"
OPENAI = {
    "OPENAI_API_KEY": "sk-environment-5up3r53cr3t-1a2b",
    "OPENAI_BASE_URL": "https://openai-env.example/v1",
    "OPENAI_ORG_ID": "org_openai_env",
    "OPENAI_PROJECT_ID": "proj_openai_env",
}


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    fill(store, 6, 3)
    return store


@pytest.fixture
def server(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A server with threads of two users; no request may carry what is for the hosted API."""
    for name, value in OPENAI.items():
        monkeypatch.setenv(name, value)
    server = ChatServer(store, token=TOKEN)
    yield server
    sent = " ".join(f"{name}: {value}" for it in server.asked for name, value in it.headers.items())
    assert not any(value in sent for value in OPENAI.values())
    assert "openai" not in sent.lower()


@pytest.fixture
def url(server: ChatServer) -> Iterator[str]:
    with served(server) as address:
        yield address


@pytest.fixture
def shop(chatkit: Command, url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs commands on the server, with the token of the environment."""
    monkeypatch.setenv("CHATKIT_TUI_TOKEN", TOKEN)
    return lambda *arguments: chatkit("--server", url, *arguments)


def test_lists_and_threads_are_the_json_of_the_server(shop: Command) -> None:
    listed = json.loads(shop("threads", "list", "--limit", "2", "--json").output)
    assert [row["id"] for row in listed["data"]] == ["t5", "t4"]
    assert (listed["has_more"], listed["after"]) == (True, "t4")
    assert json.loads(shop("threads", "show", "t3", "--json").output)["items"]["data"]
    whole = shop("threads", "items", "t3", "--all", "--jsonl").output.splitlines()
    assert [json.loads(row)["id"] for row in whole] == ["t3.2", "t3.1", "t3.0"]
    assert "Message 2" in shop("threads", "show", "t3").output


@pytest.mark.parametrize("command", ["items", "show"])
def test_a_thread_is_not_found_where_a_store_gives_no_items_for_it(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("CHATKIT_TUI_TOKEN", "")
    store = CarelessStore()
    fill(store, 6, 3)
    add_thread(store, "empty", day=9)
    with served(ChatServer(store)) as url:
        for summary in ((), ("--summary",)) if command == "show" else ((),):
            ended = chatkit("--server", url, "threads", command, *summary, "t_unknown")
            assert (ended.code, ended.output) == (4, "")
            assert "There is no such thread" in ended.errors
            assert chatkit("--server", url, "threads", command, *summary, "empty").code == 0
    assert not store.writes


def test_threads_are_found_by_what_is_in_them(shop: Command) -> None:
    found = shop("threads", "find", "--unanswered")
    assert found.code == 0
    assert [line.split("\t")[0] for line in found.output.splitlines()] == [
        f"t{number}" for number in range(5, -1, -1)
    ]


def test_a_wrong_token_is_not_authorized_and_is_not_shown(
    shop: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHATKIT_TUI_TOKEN", "wrong-token-4f9c2b99")
    log = tmp_path / "log.txt"
    ended = shop("--log-file", str(log), "threads", "list")
    assert ended.code == 3
    assert "wrong-token" not in ended.errors + log.read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("sessions", "create", "--user", "ada", "--workflow", "wf_1"),
        ("sessions", "cancel", "cksess_1", "cksess_2"),
        ("threads", "list", "--user", "ada"),
    ],
)
def test_what_a_server_does_not_offer_is_wrong_usage(
    shop: Command, server: ChatServer, arguments: tuple[str, ...]
) -> None:
    ended = shop(*arguments)
    assert (ended.code, ended.output) == (2, "")
    assert len(ended.errors.splitlines()) == 1
    assert server.asked == []


def test_a_profile_sends_what_its_commands_print_and_names_the_user(
    chatkit: Command,
    server: ChatServer,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def printing(text: str) -> str:
        """Return a command that prints what only a file holds."""
        secret = tmp_path / f"secret{len(text)}"
        secret.write_text(f"{text}\nmore")
        return json.dumps([sys.executable, "-c", f"print(open({str(secret)!r}).read())"])

    config = tmp_path / "config.toml"
    config.write_text(
        f'[profiles.shop]\nserver = "{url}"\nuser_header = "{USER_HEADER}"\n'
        f"token_command = {printing(TOKEN)}\n"
        f'[profiles.shop.headers]\nX-Project-Id = "7"\n'
        f"Cookie = {{ command = {printing(COOKIE)} }}\n"
    )
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(config))
    log = tmp_path / "log.txt"
    ended = chatkit(
        *("--profile", "shop", "--log-file", str(log), "threads", "list", "--user", "user 1")
    )
    assert ended.code == 0
    assert [line.split("\t")[0] for line in ended.output.splitlines()] == ["t5", "t3", "t1"]
    [asked] = server.asked
    names = ("authorization", "cookie", "x-project-id", USER_HEADER)
    assert [asked.headers[name] for name in names] == [f"Bearer {TOKEN}", COOKIE, "7", "user 1"]
    shown = chatkit("--profile", "shop", "config", "show")
    assert chatkit("--profile", "shop", "config", "check").code == 0
    for text in (ended.errors, log.read_text(), shown.output):
        assert "c00kie" not in text
        assert TOKEN not in text


def test_a_token_that_a_server_repeats_is_not_shown(shop: Command, store: MemoryStore) -> None:
    add_thread(store, "echo", [message("echo.0", 0, f"You sent Bearer {TOKEN}")], day=9)
    for arguments in (("threads", "show", "echo"), ("threads", "items", "echo", "--json")):
        output = shop(*arguments).output
        assert TOKEN not in output
        assert "token redacted" in output


def test_deletions_are_proved_and_in_the_journal(shop: Command, server: ChatServer) -> None:
    ended = shop("threads", "delete", "t1", "t2", "--yes", "--json")
    assert ended.code == 0
    assert [json.loads(line)["result"] for line in ended.output.splitlines()] == ["deleted"] * 2
    told = [json.loads(line) for line in shop("threads", "deletions", "--json").output.splitlines()]
    assert {row["id"] for row in told} == {"t1", "t2"}
    assert all(row["host"].endswith("/support/chatkit") for row in told)
    assert shop("--read-only", "threads", "delete", "t3", "--yes").code == 2
    assert "t3" in shop("threads", "list").output


def test_an_archive_is_made_of_a_server_and_of_no_other_source(
    shop: Command, chatkit: Command, url: str, file: Path
) -> None:
    assert shop("archive", "sync", str(file)).code == 0
    assert shop("archive", "verify", "--against-api", str(file)).code == 0
    info = json.loads(chatkit("archive", "info", "--json", str(file)).output)
    assert info["origin"] == {"kind": "server", "address": url, "project": None}
    assert (info["threads"], info["items"], info["incomplete"]) == (6, 18, 0)
    again = json.loads(shop("archive", "sync", "--json", str(file)).output)
    assert (again["new_items"], again["missing"]) == (0, 0)
    assert chatkit("--demo", "archive", "sync", str(file)).code == 2
    assert "Message 1" in chatkit("--archive", str(file), "threads", "show", "t4").output
    assert not archive_info(file).names_users


def test_no_archive_is_made_of_a_user_for_whom_the_server_cannot_be_asked(
    shop: Command, server: ChatServer, file: Path
) -> None:
    ended = shop("archive", "sync", str(file), "--user", "ada")
    assert ended.code == 2
    assert "no user_header is set" in ended.errors
    assert not file.exists()
    assert server.asked == []


def test_two_sources_in_a_profile_are_exit_code_2(chatkit: Command, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[profiles.a]\nserver = "https://h/c"\ndatabase = "b"\n[profiles.b]\nx = 1\n')
    assert chatkit("config", "check", str(config)).code == 2
    assert chatkit("config", "check", str(config), "--profile", "b").code == 1


def test_times_without_a_zone_are_in_that_of_the_profile_in_an_archive_too(
    chatkit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    database = make_file(
        tmp_path / "chatkit.db",
        PLAIN,
        [(thread(1, created_at="2026-03-12T09:00:00"), "ada")],
        [item("thr_1", 1, created_at="2026-03-12T09:00:00")],
    )
    config.write_text(f'[profiles.a]\ndatabase = "{database}"\nnaive_times = "Asia/Tokyo"\n')
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(config))
    file = str(tmp_path / "a.ckarchive")
    assert chatkit("--profile", "a", "archive", "sync", file).code == 0
    for source in (("--profile", "a"), ("--archive", file)):
        assert "≈2026-03-12T00:00:00Z" in chatkit(*source, "threads", "list").output
        assert "≈2026-03-12T00:00:00Z" in chatkit(*source, "threads", "items", "thr_1").output
    assert chatkit("archive", "verify", file).code == 0
    assert chatkit("--database", str(database), "archive", "sync", file).code == 0
