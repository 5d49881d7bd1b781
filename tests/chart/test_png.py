"""The picture shows what the page shows: colours where the shapes are, hatching where nobody looked."""

from __future__ import annotations

import io
from math import nan

from PIL import Image

from engine.chart import png
from engine.chart.palette import DARK, FILL, LIGHT, Palette
from engine.chart.strip import Strip
from engine.model.grade import Grade

OF = Strip(
    title="t", before=(1, nan, 0, 2), observed=6, usual=1.2,
    lines=[(Grade.YELLOW, 4, True), (Grade.RED, 8, False)],
)  # fmt: skip


def drawn(palette: Palette = LIGHT, of: Strip = OF) -> Image.Image:
    return Image.open(io.BytesIO(png.strip(of, palette))).convert("RGB")


def has(image: Image.Image, colour: str) -> bool:
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return any(
        all(abs(one - other) <= 6 for one, other in zip(found, wanted, strict=True))
        for _, found in image.getcolors(1 << 20) or ()
    )


def test_it_is_twice_its_size():
    assert drawn().size == (752, 256)


def test_grades_keep_their_colour_in_both_themes():
    for palette in (LIGHT, DARK):
        image = drawn(palette)
        for grade in (Grade.YELLOW, Grade.RED):
            assert has(image, FILL[grade]) and has(image, palette.text[grade])
        assert not has(image, FILL[Grade.BLUE])
        assert has(image, palette.bg) and has(image, palette.bar) and has(image, palette.ink)


def test_the_same_strip_is_the_same_bytes():
    assert png.strip(OF) == png.strip(OF)


def test_what_nobody_saw_is_hatched():
    seen = Strip(title="t", before=(1, 0, 0, 2), observed=6)
    blind = Strip(title="t", before=(1, nan, 0, 2), observed=6)
    step = 2 * (376 - 62) / 5
    column = (int(step) + 4, 40, int(2 * step) - 4, 200)
    assert len(drawn(of=seen).crop(column).getcolors(1 << 20)) == 1
    assert len(drawn(of=blind).crop(column).getcolors(1 << 20)) > 1


def test_a_count_that_may_not_be_shown_is_not_drawn():
    assert not has(drawn(of=Strip(title="t", before=(1, 2), observed=None)), LIGHT.ink)
