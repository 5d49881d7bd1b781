"""What a service holds in memory, and who goes through it."""

from __future__ import annotations

import gc


class Heap:
    """Sets aside what stays for as long as the files do: looking through all of it for what nobody uses any
    more stops every thread for a tenth of a second, every few seconds where much is pushed."""

    def __init__(self) -> None:
        self._for: object = None

    def settle(self, world: object) -> None:
        """What is there now stays, once for each world; what came of the last one is let go."""
        if self._for is not world:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._for = world
