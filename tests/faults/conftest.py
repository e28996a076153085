"""Commands run as people run them, and the screen as its tests run it."""

from tests.cli.conftest import chatkit as chatkit
from tests.ui.conftest import _nothing_by_itself as _nothing_by_itself
from tests.ui.conftest import _quick_toolkit as _quick_toolkit
