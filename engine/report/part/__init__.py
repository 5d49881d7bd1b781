"""The sections of a report, a module each: figures into sentences, tables and pictures."""
