"""The public pages beside the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from loguru import logger

from engine.console.public.app import create
from engine.console.serving import listening, served
from engine.cycle.loops.intake import Take
from engine.cycle.world import World
from engine.errors import UsageError


@contextmanager
def public(
    world: Callable[[], World], host: str, port: int, take: Take | None = None
) -> Iterator[int]:
    """Serve while the block runs; gives the port, which is any that is free where `port` is 0. take: what the
    service beside it does with what is filled in."""
    try:
        bound = listening(host, port)
    except OSError as error:
        said = f"{host} port {port} cannot be used: {error.strerror}; see `public` in config/engine.yaml"
        raise UsageError(said) from None
    with served(create(world, take), bound, "public", proxied=False) as found:
        logger.info("links are answered on {} port {}", host, found)
        yield found
