"""Farrington's algorithm: the design and fit of a baseline from the same season of the years before."""
