"""YAML -> rules: the language, loading, checks, rule tests (trial), plain words and mends."""
