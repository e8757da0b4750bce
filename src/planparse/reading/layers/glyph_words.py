"""Glyphs in the order of the file → words: by white space, by the pen's way, by touch."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from planparse.document import Word
from planparse.reading.encodings.legacy import convert_run, encoding_of_font
from planparse.reading.layers.glyphs import as_printed
from planparse.reading.segments import PlacedWord
from planparse.text import nfc

if TYPE_CHECKING:
    from planparse.reading.layers.glyphs import Flags, Floats, Glyphs, Integers

GAP = 0.15
"""White space, in sizes of the letter, that parts words; the narrowest space of justified text has 0.18."""
BACK = 0.5
"""Sizes that the pen may go back within a word, to put a mark over a letter."""
ACROSS = 0.5
"""Sizes that a letter may stand above or below the one before: exponents do by 0.35, lines by 1."""
PARALLEL = 0.9
"""Cosine from which two letters run the same way."""


def to_words(glyphs: Glyphs, boxes: Floats) -> list[PlacedWord]:
    """Return the words that glyphs make, in NFC, with their boxes; those in fonts of legacy encodings are converted."""
    if not len(glyphs.codes):
        return []
    order, starts = _join(glyphs, np.flatnonzero(_begins(glyphs)))
    low = np.minimum.reduceat(boxes[order, :2], starts)
    high = np.maximum.reduceat(boxes[order, 2:], starts)
    places = np.round(np.concatenate((low, high), axis=1), 2).tolist()
    bold = np.array([face.bold for face in glyphs.kinds])[glyphs.faces[order]]
    mostly = np.add.reduceat(bold.astype(np.int64), starts) * 2 >= np.diff(starts, append=len(order))
    texts = _texts(glyphs, order, starts)
    return [
        PlacedWord(Word(text, (box[0], box[1], box[2], box[3]), None, is_bold))
        for text, box, is_bold in zip(texts, places, mostly.tolist(), strict=True)
    ]


def encodings_of(glyphs: Glyphs) -> frozenset[str]:
    """Return the legacy encodings of the glyphs' fonts."""
    names = {encoding_of_font(glyphs.kinds[face].font) for face in np.unique(glyphs.faces)}
    return frozenset(name for name in names if name)


def _begins(glyphs: Glyphs) -> Flags:
    """Tell which glyphs begin a word: after white space, away from the pen, or another way."""
    along, sizes = glyphs.vectors("along"), glyphs.sizes
    steps = np.diff(glyphs.origins, axis=0)
    ahead = (steps * along[:-1]).sum(axis=1)
    across = np.abs(steps[:, 0] * along[:-1, 1] - steps[:, 1] * along[:-1, 0])
    least = np.minimum(sizes[1:], sizes[:-1])
    begins = np.ones(len(glyphs.codes), dtype=np.bool_)
    begins[1:] = (
        glyphs.broken[1:]
        | (ahead - glyphs.advances[:-1] > GAP * least)
        | (ahead < -BACK * least)
        | (across > ACROSS * least)
        | ((along[1:] * along[:-1]).sum(axis=1) < PARALLEL)
    )
    return begins


def _join(glyphs: Glyphs, heads: Integers) -> tuple[Integers, Integers]:
    """Return the glyphs word by word, and where each word begins; `heads` begin pieces of words.

    Pieces that touch on a line, but do not follow one another in the file, are one word.
    """
    tails = np.append(heads[1:], len(glyphs.codes)) - 1
    sizes, y = glyphs.sizes[heads], glyphs.origins[heads, 1]
    x0, x1 = glyphs.origins[heads, 0], glyphs.origins[tails, 0] + glyphs.advances[tails]
    upright = glyphs.vectors("along")[heads, 0] > PARALLEL
    order = np.lexsort((x0, np.round(y)))
    left, right = order[:-1], order[1:]
    touch = (np.abs(x0[right] - x1[left]) <= GAP * sizes[left]) & (np.abs(y[left] - y[right]) < GAP * sizes[left])
    touch &= upright[left] & upright[right] & (right != left + 1)
    if not touch.any():
        return np.arange(len(glyphs.codes)), heads
    pieces = [np.arange(head, tail + 1) for head, tail in zip(heads, tails, strict=True)]
    for before, after in reversed(list(zip(left[touch], right[touch], strict=True))):
        pieces[before] = np.concatenate((pieces[before], pieces[after]))
        pieces[after] = pieces[after][:0]
    whole = [piece for piece in pieces if len(piece)]
    return np.concatenate(whole), np.cumsum([0, *map(len, whole[:-1])])


def _texts(glyphs: Glyphs, order: Integers, starts: Integers) -> list[str]:
    """Return the text of each word, each run of one font converted from the font's own encoding."""
    chars = list(map(as_printed, glyphs.codes[order].tolist()))
    fonts = [glyphs.kinds[face].font for face in glyphs.faces[order].tolist()]
    changes = {index for index in range(1, len(fonts)) if fonts[index] != fonts[index - 1]}
    bounds = sorted({*starts.tolist(), *changes, len(order)})
    words = set(starts.tolist())
    texts: list[list[str]] = []
    for start, end in pairwise(bounds):
        if start in words:
            texts.append([])
        texts[-1].append(convert_run("".join(chars[start:end]), fonts[start]))
    return [nfc("".join(runs)) for runs in texts]
