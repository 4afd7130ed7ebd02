"""Everything that can go wrong with a case, as one tree.

::

    CaseError
    ├── CaseNotFoundError          no case of this name in the folders searched
    ├── ManifestError              case.toml is missing, malformed or contradicts itself
    ├── CurveFileError             the table of a recorded value cannot be read
    ├── CalibrationError           a scale that is not a positive, finite length per pixel
    ├── StoreError                 the clip store cannot be read or written
    ├── ImportCancelledError       the person stopped the import
    └── UnreadableClipError        a file from outside is not a clip that we can show
        ├── UnsupportedClipError   what it is, is known; how to show it, is not
        ├── LimitExceededError     it asks for more than the limits allow
        └── DecoderStoppedError    the decoding process ended or was stopped

A message names the file, says what is wrong and what to do next. It never holds a value of the file's
header, because headers name patients.

Example
-------
::

    try:
        imported = store.import_file(path)
    except UnreadableClipError as error:
        print(error)
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cases.clip import Inspection


class CaseError(Exception):
    """Base of every error of this package."""


class CaseNotFoundError(CaseError):
    """No folder of the library holds a case of this id."""


class ManifestError(CaseError):
    """A case.toml is missing, malformed or contradicts itself."""


class CurveFileError(CaseError):
    """A table of a value that was recorded with a clip cannot be read."""


class CalibrationError(CaseError):
    """A scale is not a positive, finite number of millimetres per pixel."""


class StoreError(CaseError):
    """The clip store cannot be read or written."""


class ImportCancelledError(CaseError):
    """The person stopped the import before it was complete; nothing of it was kept."""


class UnreadableClipError(CaseError):
    """A file from outside is not a clip or picture that can be shown.

    Parameters
    ----------
    message : str
        The sentence for the person.
    refusal : str
        Name of the sentence in the closed list.
    inspection : Inspection or None
        What the file was found to be, as far as it could be read.
    """

    def __init__(self, message: str, refusal: str = "", inspection: "Inspection | None" = None) -> None:
        super().__init__(message)
        self.refusal = refusal
        self.inspection = inspection


class UnsupportedClipError(UnreadableClipError):
    """The file is understood, but its kind or compression cannot be shown."""


class LimitExceededError(UnreadableClipError):
    """The file claims or needs more than the limits allow."""


class DecoderStoppedError(UnreadableClipError):
    """The process that decoded the file ended unexpectedly or ran out of its time."""
