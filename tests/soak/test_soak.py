"""A short session on every run; the long one is `make soak`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from tests.soak.session import use

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts files as Linux does")


@pytest.mark.slow
async def test_random_keys_sizes_and_faults_leave_nothing_behind(
    emulator: Emulator, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # random keys may export
    told = await use(emulator, address, tmp_path, seed=11, keys=120, apps=2)
    assert told.keys == 120
    assert told.resizes > 5
    assert told.faults > 2
    assert told.requests > 4
    assert told.errors == ()
    assert told.tasks == ()
    assert told.files == 0
