"""Everything that stops planparse, as a tree.

PlanparseError                 exit code
├── InputError                 3   the input can't be read
│   ├── InputMissingError          no such file, or not a regular file
│   ├── InputEmptyError            nothing in it
│   ├── InputDamagedError          broken, or not what it claims to be
│   ├── InputEncryptedError        a password is needed
│   ├── InputUnsupportedError      a type that we don't read
│   ├── InputTooLargeError         over a limit of size, pages or pixels
│   ├── InputTimeoutError          took longer than its time limit
│   └── PlanFormatError            JSON that is not a plan of this schema version
├── ToolError                  4   an outside program, package or its data is missing or fails
│   ├── TesseractMissingError
│   ├── TesseractLanguageMissingError
│   ├── EngineMissingError
│   ├── ClusterError               a Dask cluster can't be used
│   └── StoreError                 no package is there that opens addresses of a store
├── OutputError                5   the output can't be written
└── InternalError              1   a defect of planparse itself
"""

from __future__ import annotations

from typing import ClassVar, Self


class PlanparseError(Exception):
    """Say what happened, where, and what to do.

    Attributes:
        what: the fact, without a full stop.
        where: the file, page or program that it is about.
        remedy: what the reader can do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        line = f"{self.what} ({self.where}): {self.remedy}"
        return " ".join(line.split())


class InputError(PlanparseError):
    """The input can't be read."""

    exit_code = 3


class InputMissingError(InputError):
    """There is no such file, or it is a folder, a pipe or a device."""


class InputEmptyError(InputError):
    """The file holds nothing."""


class InputDamagedError(InputError):
    """The file is broken, or not of the type that it claims."""


class InputEncryptedError(InputError):
    """The file opens with a password only."""


class InputUnsupportedError(InputError):
    """The file is of a type that planparse does not read."""


class InputTooLargeError(InputError):
    """The file is over a limit of `Config`: bytes, pages or pixels."""


class InputTimeoutError(InputError):
    """A page or document took longer than its time limit."""


class PlanFormatError(InputError):
    """The text is not the JSON of a plan in this schema version."""


class ToolError(PlanparseError):
    """An outside program is missing, or fails."""

    exit_code = 4


class TesseractMissingError(ToolError):
    """The Tesseract program is not installed, or does not run."""


class TesseractLanguageMissingError(ToolError):
    """Tesseract runs, but its model of a language is missing or damaged."""


class EngineMissingError(ToolError):
    """The OCR engine that was asked for is not installed."""


class ClusterError(ToolError):
    """The Dask cluster that was named does not answer, or can't run planparse."""


class StoreError(ToolError):
    """No package is installed that opens an address of this kind."""


class OutputError(PlanparseError):
    """The output can't be written."""

    exit_code = 5


class InternalError(PlanparseError):
    """Planparse itself failed: a defect to report."""

    @classmethod
    def from_exception(cls, error: BaseException, where: str) -> Self:
        """Return an error of this type that tells of `error`, which nobody expected."""
        return cls(f"{type(error).__name__}: {error}", where, "report it, with the document where you can")
