"""Fewer messages from the processes that run tests to the one that counts them.

Each process sends six for a test: its start, three reports, its end, and that it wants the next
test. Handling one takes a third of a millisecond of CPU, and nearly all reports are of a setup or a
teardown that went well.
"""

from __future__ import annotations

import sys

import pytest
from _pytest.runner import runtestprotocol


def register(config: pytest.Config) -> None:
    """Let a process that runs tests send less, unless something reads the times of all steps."""
    is_worker = hasattr(config, "workerinput")
    if is_worker and config.option.durations is None and not config.option.xmlpath:
        config.pluginmanager.register(sys.modules[__name__])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test, and send its own report and those of other steps that did not go well."""
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
