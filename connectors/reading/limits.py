"""How much one document may hold: what is larger is refused with a sentence, before it costs hours.

The bound on bytes is the source's own (`max_mb`); these hold for what a few bytes can stand for.
"""

from __future__ import annotations

#: Columns of a table. A spreadsheet has 16,384, and no feed names so many.
COLUMNS = 4_096
#: Characters of one line of a text, and of one row that is quoted over several lines.
LINE = 1 << 20
#: Characters that are read again, together, because a quote before them was never closed.
AGAIN = 16 * LINE
#: Members of an archive, among them those that are not read.
MEMBERS = 10_000
#: Lists and objects in a JSON document: an empty one takes two bytes in a file and a hundred in memory.
NODES = 10_000_000
