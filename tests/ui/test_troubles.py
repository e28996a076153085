"""Which failures are tried again by themselves."""

from __future__ import annotations

import pytest

from chatkit_tui.errors import APIConnectionError, APITimeoutError, ChatKitError, ProxyRefusedError
from chatkit_tui.ui.failures import load_failure, retry_delay


@pytest.mark.parametrize("error", [APIConnectionError("No."), APITimeoutError("No.")])
def test_a_server_that_was_not_reached_is_asked_again(error: ChatKitError) -> None:
    assert retry_delay(load_failure(error), 1) > 0


def test_a_proxy_that_refused_is_not_asked_again_unless_a_key_says_so() -> None:
    assert retry_delay(load_failure(ProxyRefusedError("No.")), 1) == 0
