"""The output stage: between what Textual writes and what goes to the terminal.

Textual paints whole lines again where one cell changed. The stage reads what it writes into a
grid of cells, as a terminal would, and sends only what brings the terminal's screen from what it
shows to what it should show. It knows nothing of Textual: text goes in, text comes out.

    reader    what is written → cells; what is no picture goes through untouched
    styles    colours and attributes, each by a number, and the shortest way from one to another
    grid      rows of cells
    painter   the difference of two grids as a terminal's language
    shift     rows that moved as a block, for the terminal to move by itself
    pace      how much may be under way to a terminal that has not answered yet
    stage     the parts together
    shown     when the terminal shows what was drawn
"""
