"""The nouns: small frozen values that know nothing of storage, transport or YAML."""
