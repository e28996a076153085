"""What counts as a problem in a conversation: one definition for the screen, scripts and archives.

`problems.find_problems` takes the items of a thread, or a run of them, as raw rows or as parsed
items, and returns a `predicate.Finding` for each problem; `answers` has the times of answers.
"""
