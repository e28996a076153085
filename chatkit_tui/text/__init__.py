"""Text that is safe to show: foreign characters made visible, widths counted, lines wrapped."""
