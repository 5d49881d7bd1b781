"""What a rule file may say, and how its text becomes rules: grammar, notation, tests, resolving."""
