"""The list of threads: rows, marks, first words, and the pane that loads them."""
