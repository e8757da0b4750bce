import planparse


def test_the_public_names_are_those_of_the_contract() -> None:
    expected = ["Outcome", "Plan", "PlanparseError", "parse", "parse_many", "parse_text", "restore"]
    assert planparse.__all__ == expected


def test_every_public_name_is_there() -> None:
    assert all(getattr(planparse, name).__doc__ for name in planparse.__all__)


def test_dir_shows_the_public_names() -> None:
    assert dir(planparse) == sorted(planparse.__all__)
