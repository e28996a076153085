"""The terminal: input, output and their conversion for Textual. Imports only `text`.

environment     standard streams, size and environment variables
input_decoder   bytes from the terminal → text, control sequences, pasted text
input_events    the same → events of Textual
ansi_parser     output of Textual → cells (cell_buffer) in numbered styles (styles)
diff            two screens of cells → few bytes
renderer        frames, within the limits of flow_control
writer          the file of the terminal
driver          takes over the terminal and restores it
signals         signals, and the loss of the terminal
clipboard       texts to copy, and OSC 52
"""
