"""One command for several ids: each in its turn, an error does not stop the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from chatkit_tui.cli.failures import DONE, FAILED, NOT_AUTHORISED, complain, exit_code
from chatkit_tui.errors import ChatKitError, whole_line

T = TypeVar("T")


async def for_each(ids: Sequence[T], act: Callable[[T], Awaitable[object]]) -> int:
    """Call `act` with each id, in order, and return the exit code.

    With a single id, what `act` raises is raised. With several, an error is one line on standard
    error and the next id has its turn, unless the error would meet that one too.
    """
    if len(ids) == 1:
        await act(ids[0])
        return DONE
    from chatkit_tui.deletion.delete import why_stop

    codes: list[int] = []
    for place, name in enumerate(ids, start=1):
        try:
            await act(name)
        except ChatKitError as error:
            complain(whole_line(error))
            codes.append(exit_code(error))
            if stop := why_stop(error):
                if place < len(ids):
                    complain(f"{len(ids) - place:,} of {len(ids):,} not tried: {stop}.")
                break
        else:
            codes.append(DONE)
    return joint_code(codes)


def joint_code(codes: Sequence[int]) -> int:
    """Return the exit code of several calls that ended with these."""
    if NOT_AUTHORISED in codes:
        return NOT_AUTHORISED
    return codes[0] if len(set(codes)) == 1 else FAILED
