"""Every command on the database of a self-hosted server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit_tui.sources.archive.source import archive_info
from tests.cli.conftest import Command
from tests.sources.database.stores import BLOBS, PLAIN, item, make_file, thread


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with threads of two users."""
    return make_file(
        tmp_path / "chatkit.db",
        PLAIN,
        [(thread(number), f"user {number % 2}") for number in range(4)],
        [item(f"thr_{number}", place) for number in range(4) for place in range(3)],
    )


@pytest.fixture
def shop(chatkit: Command, database: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs commands on the database, where the key of the hosted API is of no interest."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment-5up3r53cr3t-1a2b")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_openai_env")
    return lambda *arguments: chatkit("--database", str(database), *arguments)


def test_lists_are_one_json_object_of_the_rows(shop: Command) -> None:
    listed = json.loads(shop("threads", "list", "--limit", "2", "--json").output)
    assert [row["id"] for row in listed["data"]] == ["thr_3", "thr_2"]
    assert (listed["object"], listed["has_more"]) == ("list", True)
    whole = json.loads(shop("threads", "items", "thr_1", "--all", "--json").output)
    assert (len(whole["data"]), whole["has_more"]) == (3, False)
    assert json.loads(shop("threads", "show", "thr_3", "--json").output)["title"] == "Question 3"
    assert "Answer 2" in shop("threads", "show", "thr_3").output


def test_owners_are_users(shop: Command) -> None:
    lines = shop("threads", "list", "--user", "user 1").output.splitlines()
    assert [line.split("\t")[:3:2] for line in lines] == [["thr_3", "user 1"], ["thr_1", "user 1"]]


def test_a_database_without_owners_cannot_be_filtered_by_user(
    chatkit: Command, tmp_path: Path
) -> None:
    file = make_file(tmp_path / "b.db", BLOBS, [(thread(1), "")], [item("thr_1", 1)])
    ended = chatkit("--database", str(file), "threads", "list", "--user", "ada")
    assert (ended.code, len(ended.errors.splitlines())) == (2, 1)
    assert "no column with the users" in ended.errors


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("threads", "delete", "thr_1", "--yes"), 2, "since a database is only read"),
        (("sessions", "cancel", "cksess_1", "cksess_2"), 2, "Only the hosted API has sessions"),
        (("threads", "show", "thr_none"), 4, "does not have this thread"),
    ],
)
def test_what_a_database_cannot_do_is_one_line(
    shop: Command, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    ended = shop(*arguments)
    assert (ended.code, ended.output, len(ended.errors.splitlines())) == (code, "", 1)
    assert reason in ended.errors


def test_an_archive_is_made_of_a_database(
    shop: Command, chatkit: Command, database: Path, file: Path
) -> None:
    assert shop("archive", "sync", str(file)).code == 0
    assert shop("archive", "verify", "--against-api", str(file)).code == 0
    info = json.loads(chatkit("archive", "info", "--json", str(file)).output)
    assert info["origin"] == {"kind": "database", "address": str(database), "project": None}
    assert (info["threads"], info["items"], info["incomplete"]) == (4, 12, 0)
    again = json.loads(shop("archive", "sync", "--json", str(file)).output)
    assert (again["new_items"], again["missing"]) == (0, 0)
    assert archive_info(file).names_users


def test_an_archive_of_a_database_without_owners_names_no_users(
    chatkit: Command, tmp_path: Path, file: Path
) -> None:
    database = make_file(tmp_path / "nobodys.db", BLOBS, [(thread(0), "")], [item("thr_0", 0)])
    assert chatkit("--database", str(database), "archive", "sync", str(file)).code == 0
    assert not archive_info(file).names_users


def test_a_list_of_an_archive_is_one_json_object(chatkit: Command, archive: str) -> None:
    listed = json.loads(chatkit("--archive", archive, "threads", "list", "--json").output)
    assert listed["data"][0]["id"] == listed["first_id"]


@pytest.mark.parametrize("text", ["not SQLite", ""])
def test_a_file_without_conversations_is_wrong_usage(
    chatkit: Command, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "other.db"
    file.write_text(text)
    ended = chatkit("--database", str(file), "threads", "list")
    assert (ended.code, len(ended.errors.splitlines())) == (2, 1)


def test_an_archive_is_no_database_of_a_server(chatkit: Command, archive: str) -> None:
    ended = chatkit("--database", archive, "threads", "list")
    assert (ended.code, ended.output) == (2, "")
    assert ended.errors.endswith(" is an archive of chatkit-tui: open it with --archive.\n")
