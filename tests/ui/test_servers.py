"""The screen on a self-hosted server and on its database."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatkit_tui.config.access import NO_ACCESS, Access
from chatkit_tui.config.resolve import load_settings
from chatkit_tui.config.settings import Settings
from chatkit_tui.deletion.journal import DeletionJournal
from chatkit_tui.secrets import Secret
from chatkit_tui.sources.base import ListQuery, SourceObserver, ThreadSource
from chatkit_tui.startup.browse import screen_of
from chatkit_tui.startup.profiles import Profiles
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import Options
from tests.chatkit_server.app import USER_HEADER, ChatServer
from tests.chatkit_server.loopback import served
from tests.chatkit_server.samples import fill
from tests.chatkit_server.stores import MemoryStore
from tests.sources.database.stores import BLOBS, PLAIN, item, make_file, thread
from tests.ui.driver import Driver

TOKEN = "token-of-the-start-4f9c2b77"
PASSWORD = "password-of-the-start-5e1d"
OTHER_TOKEN = "token-of-a-command-8d3e1199"


@pytest.fixture
def server() -> ChatServer:
    store = MemoryStore()
    fill(store, 6, 3)
    return ChatServer(store)


@pytest.fixture
def url(server: ChatServer) -> Iterator[str]:
    with served(server) as address:
        yield address


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with profiles of two databases; the token of the start is in the environment."""
    rows = [(thread(number), f"user {number % 2}") for number in range(4)]
    items = [item("thr_3", place) for place in range(3)]
    make_file(tmp_path / "owners.db", PLAIN, rows, items)
    make_file(tmp_path / "nobodys.db", BLOBS, rows, items)
    path = tmp_path / "config.toml"
    path.write_text(
        f'[profiles.db]\ndatabase = "{tmp_path / "owners.db"}"\n'
        f'[profiles.nobody]\ndatabase = "{tmp_path / "nobodys.db"}"\n'
    )
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(path))
    monkeypatch.setenv("CHATKIT_TUI_TOKEN", TOKEN)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment-5up3r53cr3t-1a2b")
    return path


@pytest.fixture
def shop(config: Path, tmp_path: Path, url: str) -> str:
    """The address of the server of profile `shop`; that of `other` has another token."""
    (tmp_path / "token").write_text(OTHER_TOKEN)
    with config.open("a") as file:
        file.write(f'[profiles.shop]\nserver = "{url}"\nuser_header = "{USER_HEADER}"\n')
        file.write(f'[profiles.keyless]\nserver = "{url}"\n')
        file.write(
            f'[profiles.other]\nserver = "{url}"\ntoken_command = ["cat", "{tmp_path / "token"}"]\n'
        )
    return url


def profiles_of(**given: str) -> Profiles:
    """Return the profiles of a program that was started with these options."""
    return Profiles(given, load_settings(given, os.environ), screen_of)


@asynccontextmanager
async def shown(name: str) -> AsyncIterator[Driver]:
    """The screen of a profile."""
    profile = profiles_of(profile=name).resolve(name)
    source = await profile.connect(SourceObserver())
    options = profile.options._replace(capabilities=source.capabilities)

    async def connect(observer: SourceObserver) -> ThreadSource:
        return source

    async with ChatKitApp(options, connect, profile.history).run_test(size=(100, 24)) as pilot:
        assert isinstance(pilot.app, ChatKitApp)
        driver = Driver(pilot.app, pilot)
        await driver.settle()
        yield driver


async def test_a_server_is_read_and_says_what_it_does_not_offer(
    shop: str, server: ChatServer
) -> None:
    async with shown("keyless") as driver:
        place = shop.removeprefix("http://")
        assert f"{place}  keyless" in driver.line(0)
        assert "SERVER" in driver.line(0)
        assert f"token …{TOKEN[-4:]}" in driver.line(0)
        assert [row.id for row in driver.threads()] == [f"t{number}" for number in range(5, -1, -1)]
        await driver.press("s")
        assert "sessions: only the hosted API has sessions" in driver.status
        await driver.press("f")
        assert "user: no user_header is set for this server" in driver.status
        await driver.press("D")
        assert "Its items go as well." in driver.frame()
        await driver.press("escape", "enter", "G")
        assert driver.item() == "t5.2"
    assert {it.headers["authorization"] for it in server.asked} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("size", [(80, 24), (160, 40)])
@pytest.mark.parametrize("profile", ["keyless", "nobody"])
async def test_a_list_has_no_users_where_the_source_never_names_them(
    shop: str, profile: str, size: tuple[int, int]
) -> None:
    async with shown(profile) as driver:
        await driver.resize(*size)
        assert not any("User" in line or "no user" in line for line in driver.frame().splitlines())
    async with shown("db") as driver:
        await driver.resize(*size)
        assert "user 1" in driver.frame()


async def test_a_server_with_a_header_for_the_user_is_asked_for_one(
    shop: str, server: ChatServer
) -> None:
    async with shown("shop") as driver:
        await driver.press("f")
        await driver.paste("user 1")
        await driver.press("enter")
        assert [row.id for row in driver.threads()] == ["t5", "t3", "t1"]
    assert server.asked[-1].headers.get(USER_HEADER, "user 1") == "user 1"


async def test_a_database_is_read_and_says_what_it_does_not_offer(config: Path) -> None:
    async with shown("db") as driver:
        assert "owners.db" in driver.line(0)
        assert "DATABASE" in driver.line(0)
        assert [row.id for row in driver.threads()] == ["thr_3", "thr_2", "thr_1", "thr_0"]
        await driver.press("D")
        assert "delete: a database is only read" in driver.status
        await driver.press("f")
        await driver.paste("user 1")
        await driver.press("enter")
        assert [row.id for row in driver.threads()] == ["thr_3", "thr_1"]
    async with shown("nobody") as driver:
        await driver.press("f")
        assert "user: no column with the users was found" in driver.status


def test_the_password_of_the_environment_is_for_the_database_of_the_start(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with config.open("a") as file:
        for name in ("one", "two"):
            file.write(f'[profiles.{name}]\ndatabase = "postgresql://ada@h/{name}"\n')
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    given = {"profile": "one"}
    found: list[Access] = []

    def make_options(
        settings: Settings, access: Access, journal: DeletionJournal | None
    ) -> Options:
        found.append(access)
        return screen_of(settings, access, journal)

    profiles = Profiles(given, load_settings(given, os.environ), make_options)
    profiles.resolve("one")
    profiles.resolve("two")
    assert found == [Access(Secret(PASSWORD)), NO_ACCESS]


async def test_the_token_of_the_environment_is_for_the_server_of_the_start(
    shop: str, server: ChatServer
) -> None:
    async def sent(profiles: Profiles, name: str) -> str | None:
        source = await profiles.resolve(name).connect(SourceObserver())
        await source.list_threads(ListQuery())
        await source.aclose()
        return server.asked[-1].headers.get("authorization")

    assert await sent(profiles_of(profile="keyless"), "keyless") == f"Bearer {TOKEN}"
    assert await sent(profiles_of(profile="keyless"), "shop") is None
    assert await sent(profiles_of(server=shop), "keyless") is None
    assert await sent(profiles_of(profile="db"), "other") == f"Bearer {OTHER_TOKEN}"
    elsewhere = "http://127.0.0.1:9/chatkit"
    assert await sent(profiles_of(profile="keyless", server=elsewhere), "keyless") is None


def test_the_menu_says_where_the_threads_of_a_profile_are(shop: str, tmp_path: Path) -> None:
    choices = {choice.name: choice for choice in profiles_of().choices()}
    assert choices["shop"].place == shop.removeprefix("http://")
    assert choices["db"].place == str(tmp_path / "owners.db")
    assert [choice.name for choice in choices.values() if choice.has_key_command] == ["other"]
