"""Where what is drawn on a page stands, turned forms too."""

from __future__ import annotations

import io
import math

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from planparse.reading.layers.drawings import Drawings, read_drawings
from planparse.reading.layers.glyphs import Frame

SIDE, LEFT, FOOT = 50, 100, 20
"""Points of the form's side, and of the place of its lower left corner on a page of 200."""


def drawn(angle: float) -> Drawings:
    """Return what is found of a form with an image and its diagonal, turned by `angle` degrees to the left."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 200))
    canvas.beginForm("form", 0, 0, SIDE, SIDE)
    canvas.drawImage(ImageReader(Image.new("L", (8, 8), "grey")), 0, 0, SIDE, SIDE)
    canvas.line(0, 0, SIDE, SIDE)
    canvas.endForm()
    canvas.translate(LEFT, FOOT)
    canvas.rotate(angle)
    canvas.doForm("form")
    canvas.save()
    return read_drawings(pypdfium2.PdfDocument(out.getvalue())[0], Frame(0, 0, 200, 200, 0))


@pytest.mark.parametrize(
    ("angle", "box"),
    [
        (0, (LEFT, 200 - FOOT - SIDE, LEFT + SIDE, 200 - FOOT)),
        (90, (LEFT - SIDE, 200 - FOOT - SIDE, LEFT, 200 - FOOT)),
        (45, (LEFT - SIDE / math.sqrt(2), 200 - FOOT - SIDE * math.sqrt(2), LEFT + SIDE / math.sqrt(2), 200 - FOOT)),
    ],
)
def test_the_box_of_an_image_holds_all_its_corners(angle: float, box: tuple[float, ...]) -> None:
    (found,) = drawn(angle).images
    assert found == pytest.approx(box, abs=0.1)


def test_a_line_that_a_turn_sets_upright_has_no_width() -> None:
    ((left, top, right, bottom),) = drawn(45).rules
    assert (left, right, bottom - top) == pytest.approx((LEFT, LEFT, SIDE * math.sqrt(2)), abs=0.1)
