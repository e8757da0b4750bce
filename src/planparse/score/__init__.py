"""Two plans, or two texts → what is right: precision, recall, F1 by field; the error rate of the text.

What counts as right:

- An *outline item*: an item with its id is found whose title and first paragraph, taken as one and folded (no marks,
  no case), have a similarity (`rapidfuzz.fuzz.ratio`) of at least `plans.MIN_SIMILARITY`.
- A *task*: a task with its path is found. Its fields are compared with those of the task with the same path.
- `lead_units`, `coordinating_units`: each name; `collective`: each name together with its collective flag.
- `deliverables`, `preamble`, `closing`, `recipients`: each text. `references`: type, number, date and issuer together.
- `time_frame.text`: the words; `time_frame.dates`: start, end and recurrence together, stated where one of them is.
- `header.…`, `signature.…`, `year`, `kind`: the value.

Texts are equal in NFC with single spaces, wherever the tone mark of "hòa" or "hoà" stands. For each of these, `right`,
`predicted` and `gold` count values, and `exact` of `cases` counts comparisons that are wholly right: over tasks that
both have and where at least one states the field; over documents for the fields of a document.
`task_fields` sums the five fields of every gold task that gold or prediction states; a missing task has all its
stated fields wrong. A time frame is right there when its words, dates and recurrence are.

The *character error rate* is edits by character of gold: for plans over titles and paragraphs of the outline and the
texts of the tasks, for texts line by line where both have as many lines, else over the whole. The *syllable accuracy*
of texts is the share of gold's syllables, runs of letters and digits, that the prediction has, in order.
"""

from planparse.score.figures import Figure, Score, TextFigure
from planparse.score.plans import score_plans
from planparse.score.report import Report, score_paths
from planparse.score.texts import score_texts

__all__ = ["Figure", "Report", "Score", "TextFigure", "score_paths", "score_plans", "score_texts"]
