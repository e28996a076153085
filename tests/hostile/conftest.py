"""The real app, as the tests of the screen start it."""

from tests.ui.conftest import _nothing_by_itself as _nothing_by_itself
from tests.ui.conftest import _quick_toolkit as _quick_toolkit
from tests.ui.conftest import start as start
