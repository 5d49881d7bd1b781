"""Backtests with truth on three real sets that lie outside of this repository: `make evaluate`."""
