"""What counts as a problem in a conversation: one definition for the screen, scripts and archives.

`find_problems` takes the items of a thread, or a part of them, as raw rows or as parsed items.
"""

from chatkit_tui.predicates.answers import Answer, find_answers
from chatkit_tui.predicates.predicate import Finding, Predicate
from chatkit_tui.predicates.problems import ANSWER_GRACE, find_problems

__all__ = ["ANSWER_GRACE", "Answer", "Finding", "Predicate", "find_answers", "find_problems"]
