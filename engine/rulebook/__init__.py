"""YAML -> rules: the language (schema), loading, checks, rule tests (trial) and plain words (explain)."""
