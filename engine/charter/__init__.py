"""The charter as code: what no configuration, rule or mapping may judge by, and nobody can switch off."""
