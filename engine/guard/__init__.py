"""The one guard on words: whatever leaves for log, store, message, error, report or terminal passes it."""
