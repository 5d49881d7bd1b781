"""Charts as PNG, for mails and documents: drawn at twice the size and more, so that they are sharp on paper.

Letters come from Pillow's own face, which has none but Latin ones: the words belong beside the picture.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from engine.chart import bars as daily
from engine.chart.bars import Bars
from engine.chart.palette import FILL, LIGHT, ON, Palette
from engine.chart.shape import Bar, Label, Rule, Shape
from engine.chart.strip import Strip, shapes
from engine.model.grade import Grade

#: Points a unit; dashes (on, off), by the end of a line's kind.
SCALE = 2
_DASHES = {"usual": (1.5, 2.5), "not": (3.0, 3.0)}
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
#: Letters are so high; the numeral in a key is smaller.
_SIZE, _SMALL = 11, 9


def strip(
    of: Strip, palette: Palette = LIGHT, width: int = 376, height: int = 128, scale: int = SCALE
) -> bytes:
    """The strip as a PNG of `scale` times its size, on the palette's background."""
    return _picture(shapes(of, width, height), palette, width, height, scale)


def bars(of: Bars, palette: Palette = LIGHT, width: int = 640, height: int = 150, scale: int = 3) -> bytes:
    """The bars as a PNG; at three times their size they are sharp on paper."""
    return _picture(daily.shapes(of, width, height), palette, width, height, scale)


def _picture(of: Iterable[Shape], palette: Palette, width: int, height: int, scale: int) -> bytes:
    image = Image.new("RGB", (width * scale, height * scale), palette.bg)
    _Pen(ImageDraw.Draw(image), palette, scale).draw(of)
    made = io.BytesIO()
    image.quantize(64).save(made, "PNG", optimize=True)
    return made.getvalue()


class _Pen:
    def __init__(self, on: ImageDraw.ImageDraw, palette: Palette, scale: int) -> None:
        self.on, self.palette, self.scale = on, palette, scale

    def draw(self, of: Iterable[Shape]) -> None:
        for one in of:
            if isinstance(one, Bar):
                self._bar(one)
            elif isinstance(one, Rule):
                self._rule(one)
            elif one.said:
                self._label(one)

    def _bar(self, of: Bar) -> None:
        if of.height <= 0:
            return
        box = [value * self.scale for value in (of.x, of.y, of.x + of.width, of.y + of.height)]
        if of.kind == "unseen":
            self._hatch(box)
        elif of.kind.startswith("f"):
            self.on.rounded_rectangle(box, 2 * self.scale, fill=FILL[_grade(of.kind)])
        else:
            fills = {
                "count": self.palette.bar, "now": self.palette.ink, "window": self.palette.shade,
                "hollow": self.palette.bg, "before": self.palette.sunk,
            }  # fmt: skip
            self.on.rectangle(box, fill=fills[of.kind])

    def _hatch(self, box: list[float]) -> None:
        """What nobody saw: strokes, never nothing."""
        left, top, right, bottom = box
        step, y = 5 * self.scale, top
        while y < bottom:
            lower = min(y + (right - left), bottom)
            self.on.line([(right, y), (right - (lower - y), lower)], fill=self.palette.edge, width=self.scale)
            y += step

    def _rule(self, of: Rule) -> None:
        colours = {"base": self.palette.edge, "usual": self.palette.ink2}
        colour = colours.get(of.kind) or self.palette.text[_grade(of.kind)]
        on, off = _DASHES.get(of.kind.rpartition(" ")[2], (of.x2 - of.x1, 1.0))
        x = of.x1
        while x < of.x2:
            ends = [(at * self.scale, of.y * self.scale) for at in (x, min(x + on, of.x2))]
            self.on.line(ends, fill=colour, width=self.scale)
            x += on + off

    def _label(self, of: Label) -> None:
        key = of.kind.startswith("n")
        colours = {"b": self.palette.ink, "n0": self.palette.ink, "ax": self.palette.ink3}
        own = colours.get(of.kind, self.palette.ink2)
        colour = ON[_grade(of.kind)] if key and of.kind != "n0" else own
        face = ImageFont.load_default((_SMALL if key else _SIZE) * self.scale)
        # Upright and bold: a hair of the letter's own colour around it.
        bold = self.scale // 3 if of.kind == "b" or key else 0
        at = of.x * self.scale, of.y * self.scale
        self.on.text(at, of.said, fill=colour, font=face, anchor=_ANCHORS[of.anchor], stroke_width=bold)


def _grade(kind: str) -> Grade:
    """The grade of `f3`, `s3`, `s3 not` and `n3`."""
    return Grade(int(kind[1]))
