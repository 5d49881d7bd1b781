"""config/plans/*.yaml, one response plan a file: how it is written, what is checked, how it is read."""
