"""One module for each configuration file: its strict model, and its mistakes."""
