"""Frames of the transcript, in `tests/ui/frames/transcript_*.txt`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.openai import ChatKitClient
from tests.ui.transcript.host import shown, thread_feed

SameFrame = Callable[[str, str], None]


@pytest.mark.slow
async def test_a_gap_that_is_being_loaded(
    make_client: Callable[..., ChatKitClient], same_frame: SameFrame
) -> None:
    emulator = Emulator(threads=1, items=1000)
    async with shown(thread_feed(make_client(emulator=emulator), emulator.thread_id())) as host:
        host.view.action_bottom()
        await host.settle()
        host.app.open_gate.clear()
        while "items between" not in "\n".join(host.lines[4:12]):
            host.view.scroll_lines(-1)
            await host.pilot.pause()
        same_frame(host.frame, "transcript_gap_80x24")
        host.app.open_gate.set()


@pytest.mark.slow
async def test_a_gap_that_could_not_be_loaded(
    make_client: Callable[..., ChatKitClient], same_frame: SameFrame
) -> None:
    emulator = Emulator(threads=1, items=1000)
    client = make_client(emulator=emulator, max_retries=0)
    async with shown(thread_feed(client, emulator.thread_id())) as host:
        host.view.action_bottom()
        await host.settle()
        emulator.faults = ["server-error"]
        while "items between" not in "\n".join(host.lines[4:12]):
            host.view.scroll_lines(-1)
            await host.settle()
        same_frame(host.frame, "transcript_gap_failed_80x24")


async def test_an_item_as_json(
    make_client: Callable[..., ChatKitClient], emulator: Emulator, same_frame: SameFrame
) -> None:
    async with shown(thread_feed(make_client(), emulator.thread_id())) as host:
        host.view.action_cursor_down()
        host.view.toggle_raw()
        await host.settle()
        same_frame(host.frame, "transcript_raw_80x24")


async def test_a_search_on_a_narrow_screen(
    make_client: Callable[..., ChatKitClient], emulator: Emulator, same_frame: SameFrame
) -> None:
    feed = thread_feed(make_client(), emulator.thread_id())
    async with shown(feed, columns=40, lines=12) as host:
        host.view.finder.find("lands")
        await host.settle()
        same_frame(host.frame, "transcript_search_40x12")
