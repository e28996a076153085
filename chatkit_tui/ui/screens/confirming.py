"""The base of dialogs that ask for a confirmation."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Event, Key
from textual.screen import ScreenResultType
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import BY_ID, CONFIRM, DIALOG_COMMANDS
from chatkit_tui.commands.keymap import Keymap, canonical, key_name
from chatkit_tui.text.width import cells
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.field import takes_key
from chatkit_tui.ui.widgets.push_button import PushButton

TINY = 10
"""Lines of the terminal below which the dialog omits its frame."""
SETTLED_AFTER = 0.1
"""Seconds after a frame without another one, after which its layout is the final one."""
FIT = "fit"
"""The workers that omit more of the dialog."""
HEARD_WITHIN = 0.03
"""Seconds after which Python has handled a signal that arrived before a key."""


class ConfirmButton(PushButton, can_focus=False):
    """Confirms by a click, never by Enter, which may be meant for the list below."""

    DEFAULT_CSS = """
    ConfirmButton {
        color: $field-danger;
        &:hover { color: $danger-text; background: $danger; text-style: $danger-style; }
    }
    """


class ConfirmingScreen(ModalOnce[ScreenResultType]):
    """A dialog with a question, its subject, a button that leaves and a key that confirms.

    The key counts only if it was typed after the terminal showed the question. Earlier input is
    dropped, except for the key that leaves.
    """

    AUTO_FOCUS = "#cancel"
    DEFAULT_CSS = """
    ConfirmingScreen {
        .box { border: $frame $error; border-title-color: $error; }
        #question { display: none; height: auto; text-style: bold; color: $text-error; }
        #subject {
            height: auto;
            max-height: 14;
            scrollbar-gutter: stable;
            scrollbar-size: 0 1;
        }
        #words { height: auto; margin: 1 0; }
        #note { display: none; height: auto; color: $text-warning; }
        #buttons { height: 1; }
        PushButton { margin-right: 2; }
    }
    ConfirmingScreen.-noted #note { display: block; }
    ConfirmingScreen.-low #subject { max-height: 4; }
    ConfirmingScreen.-low #words { margin: 0; }
    ConfirmingScreen.-low.-noted #words { display: none; }
    ConfirmingScreen.-tiny, ConfirmingScreen.-tiny.-low {
        #dialog { width: 100%; height: 100%; border: none; padding: 0; }
        #subject { height: 1fr; min-height: 1; max-height: 100%; }
        #buttons { dock: bottom; }
        PushButton { margin-right: 0; }
    }
    ConfirmingScreen.-tiny.-asking #question { display: block; }
    ConfirmingScreen.-tiny.-asking #words { display: none; }
    ConfirmingScreen.-unfit #question, ConfirmingScreen.-unfit #subject,
    ConfirmingScreen.-unfit #buttons { display: none !important; }
    """

    def __init__(
        self,
        question: str,
        *,
        gate: ConfirmationGate,
        keys: Keymap,
        confirm: str,
        leave: str,
    ) -> None:
        """`question` is one line; `confirm` and `leave` are the labels of the buttons."""
        super().__init__()
        self.question = question
        self._gate = gate
        self._confirm_word, self._leave_word = confirm, leave
        self._confirm_key = keys.first_name("confirm")
        self._leave_key = next(map(canonical, keys.of(BY_ID["decline"])), "escape")
        """The key that needs no proof, since it only closes."""
        leave_key = key_name(self._leave_key)
        self._too_small = f"The question does not fit: enlarge the terminal, or press {leave_key}."
        self.commands = CommandKeys(
            self, DIALOG_COMMANDS, keys, lambda: CommandContext(Pane.DIALOG)
        )
        self._pressed: Key | None = None
        self._is_asking = True
        self._is_due = False
        """Whether to ask the terminal for an acknowledgement after the next frame."""
        self._layout_size = (0, 0)
        """The size of the terminal that the layout is for."""
        self.add_class("-asking")

    # -- what it shows ----------------------------------------------------------------------------

    def compose_subject(self) -> Widget:
        """Return the widget for the subject; its id is `subject`."""
        raise NotImplementedError

    def words(self) -> str:
        """Return the lines below the subject."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="box") as dialog:
            dialog.border_title = self.question
            yield Static(self.question, id="question", markup=False)
            yield self.compose_subject()
            yield Static(self.words(), id="words", markup=False)
            yield Static("", id="note", markup=False)
            with Horizontal(id="buttons"):
                yield PushButton(self._leave_word, id="cancel")
                yield ConfirmButton(f"{self._confirm_key}  {self._confirm_word}", id="confirm")

    def show_words(self) -> None:
        """Update the lines below the subject."""
        self.query_one("#words", Static).update(self.words())

    def _note(self, text: str) -> None:
        self.set_class(bool(text), "-noted")
        self.query_one("#note", Static).update(text)

    # -- whether the question is on the screen ----------------------------------------------------

    def on_screen_resume(self) -> None:
        self.ask_again()

    def on_mount(self) -> None:
        self._choose_layout()

    def on_resize(self) -> None:
        if self.app.size != self._layout_size:
            self._choose_layout()
            self.ask_again()

    def _choose_layout(self) -> None:
        self._layout_size = columns, lines = self.app.size
        self.set_class(lines < TINY or columns < cells(self.question) + 6, "-tiny")

    def ask_again(self) -> None:
        """Accept nothing until the terminal shows the question."""
        self._gate.close()
        if self.has_class("-unfit"):
            self.remove_class("-unfit")
            self._note("")
        self._is_due = True
        self.refresh()

    def drawn(self) -> None:
        """Ask the terminal for an acknowledgement once the whole question is drawn."""
        self.workers.cancel_group(self, FIT)
        if self.size != self.app.size:
            return
        if not self._is_visible():
            # Textual also draws frames between a change of style and the layout that follows it.
            _: Worker[None] = self.run_worker(self._omit_more, group=FIT)
        elif self._is_due:
            self._is_due = False
            self._gate.ask()

    async def _omit_more(self) -> None:
        """Omit more of a dialog that does not fit, at last all but the words that say so."""
        await asyncio.sleep(SETTLED_AFTER)
        if self._is_visible():
            self.refresh()
        elif not self.has_class("-tiny"):
            self.add_class("-tiny")
            if self._is_asking:
                self.ask_again()
        elif self._is_due:
            self._is_due = False
            self.add_class("-unfit")
            self._note(self._too_small)

    def _is_visible(self) -> bool:
        """Return whether the question, the confirming button and the first line of the subject are
        visible, or after the answer the button that leaves."""
        if not self._is_asking:
            return self._is_widget_visible("#cancel", whole=True)
        question = "#question" if self.has_class("-tiny") else "#dialog"
        return (
            self._is_widget_visible(question, whole=True)
            and self._is_widget_visible("#confirm", whole=True)
            and self._is_widget_visible("#subject", whole=False)
        )

    def _is_widget_visible(self, name: str, *, whole: bool) -> bool:
        """Return whether the first line of a widget is visible, or the `whole` of it."""
        found = list(self.query(name))
        if not found or found[0] not in self._compositor.visible_widgets:
            return False
        region, clip = self._compositor.visible_widgets[found[0]]
        seen = region.intersection(clip).intersection(self.region)
        if not seen or seen.offset != region.offset or (whole and seen != region):
            return False
        on_top, _ = self.get_widget_at(*seen.offset)
        return on_top.id == name[1:]

    # -- what is answered -------------------------------------------------------------------------

    def lets(self, event: Event) -> bool:
        """Return whether to pass on a key or a click. A rejected confirmation gets a response."""
        if not self._is_asking or self._gate.lets(event):
            return True
        if isinstance(event, Key):
            if self.commands.command_of(event.key) is CONFIRM:
                self._refuse()
            return event.key == self._leave_key
        return False

    def _refuse(self) -> None:
        """Report that the confirmation did not count, and what to do."""
        did_fit = not self.has_class("-unfit")
        if self._gate.is_closed and not self._is_due:
            self.ask_again()
        if did_fit:
            self._note(f"Press {self._confirm_key} again.")

    async def press(self, event: Key) -> None:
        if not takes_key(self.focused, event.key):
            self._pressed = event
            await super().press(event)

    def action_confirm(self) -> None:
        """Confirm, if the question was on the screen when the key was typed."""
        if self._is_asking and self._pressed is not None and self._gate.lets(self._pressed):
            self._confirm_soon()
        elif self._is_asking:
            self._refuse()

    def on_push_button_pressed(self, event: PushButton.Pressed) -> None:
        event.stop()
        if event.button.id == "cancel":
            self.action_decline()
        elif self._is_asking and self._gate.is_open:
            self._confirm_soon()

    def _confirm_soon(self) -> None:
        _: Worker[None] = self.run_worker(self._confirm)

    async def _confirm(self) -> None:
        """Confirm, unless the process was just continued.

        Python handles SIGCONT asynchronously, perhaps after the key was read.
        """
        await asyncio.sleep(HEARD_WITHIN)
        if not self._is_asking:
            return
        if not self._gate.is_open:
            self._refuse()
            return
        self._is_asking = False
        self._note("")
        self.remove_class("-asking")
        self.query_one("#confirm").display = False
        self.confirmed()

    def confirmed(self) -> None:
        """Perform the confirmed action."""
        raise NotImplementedError

    def action_decline(self) -> None:
        """Leave without a confirmation."""
        raise NotImplementedError
