"""The space-time permutation scan: where and since when too much happens at once."""
