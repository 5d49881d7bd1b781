"""Whether a rule's tests would notice that it changed: mutants, what kills them, and what would."""
