import inspect
import pickle
import re

import pytest

from planparse import errors
from planparse.errors import InputDamagedError, InternalError, PlanparseError

CLASSES = [member for _name, member in inspect.getmembers(errors, inspect.isclass) if issubclass(member, Exception)]


def _draw(member: type[PlanparseError], prefix: str = "") -> list[str]:
    """Draw the tree below a class as the module's docstring does, without the remarks."""
    children = sorted(member.__subclasses__(), key=lambda child: inspect.getsourcelines(child)[1])
    lines = []
    for number, child in enumerate(children, start=1):
        branch, trunk = ("└── ", "    ") if number == len(children) else ("├── ", "│   ")
        lines += [prefix + branch + child.__name__, *_draw(child, prefix + trunk)]
    return lines


def test_the_picture_in_the_docstring_is_the_tree() -> None:
    picture = [re.split(r"(?<=Error)\b", line)[0] for line in str(errors.__doc__).splitlines() if "Error" in line]
    assert picture == ["PlanparseError", *_draw(PlanparseError)]


@pytest.mark.parametrize("member", CLASSES)
def test_exit_codes_are_those_of_the_picture(member: type[PlanparseError]) -> None:
    codes = {"InputError": 3, "ToolError": 4, "OutputError": 5, "InternalError": 1, "PlanparseError": 1}
    assert member.exit_code == next(codes[one.__name__] for one in member.__mro__ if one.__name__ in codes)


def test_an_error_is_one_line() -> None:
    error = InputDamagedError("broken\nxref", "a\nb.pdf", "scan  it again")
    assert str(error) == "broken xref (a b.pdf): scan it again"


def test_an_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InputDamagedError("broken", "a.pdf", "scan it again")))  # noqa: S301 (our own)
    assert (error.what, error.where, error.remedy) == ("broken", "a.pdf", "scan it again")


def test_an_unexpected_error_is_named() -> None:
    assert str(InternalError.from_exception(ValueError("x"), "a.pdf")).startswith("ValueError: x (a.pdf): report")
