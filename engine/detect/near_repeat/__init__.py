"""Events that follow one another, near in space and in time, more often than chance would have it."""
