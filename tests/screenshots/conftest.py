"""The screen, as the tests of it run it."""

from tests.ui.conftest import _nothing_by_itself as _nothing_by_itself
from tests.ui.conftest import _quick_toolkit as _quick_toolkit
