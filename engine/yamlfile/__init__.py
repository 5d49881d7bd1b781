"""Files that people write in YAML: read, and held against the models that say what may stand in them."""

from engine.yamlfile.document import Document, Path_
from engine.yamlfile.reading import parse, read
from engine.yamlfile.validation import missing, validate

__all__ = ["Document", "Path_", "missing", "parse", "read", "validate"]
