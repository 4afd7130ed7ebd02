"""Everything that can go wrong with what is said of a case, as one tree.

::

    AnnotationError
    ├── AnnotationFormatError      a document or file is not what it should be
    │   └── ImportRefusedError     a file of another program holds nothing that we can take, and why
    ├── AnnotationStoreError       marks cannot be kept or read
    │   ├── RevisionNotFoundError  there is no such revision
    │   └── RevisionReusedError    one id was sent with two contents
    ├── FollowingError             a mark cannot be carried by the tissue, or the person stopped it
    ├── MotionError                the motion of a clip cannot be measured; see `annotations.motion.errors`
    └── ExportError                marks cannot be written in a format
        └── ExportCancelledError   the person stopped the export; nothing of it was kept

A message names the file or the mark, says what is wrong and what to do next.

Example
-------
::

    try:
        document = read_document(path)
    except AnnotationFormatError as error:
        print(error)
"""


class AnnotationError(Exception):
    """Base of every error of this package."""


class AnnotationFormatError(AnnotationError):
    """A document or file is not what it should be."""


class ImportRefusedError(AnnotationFormatError):
    """A file of another program holds nothing that can be taken over."""


class AnnotationStoreError(AnnotationError):
    """Marks cannot be kept or read."""


class RevisionNotFoundError(AnnotationStoreError):
    """No revision has this id."""


class RevisionReusedError(AnnotationStoreError):
    """An id that was already kept came again with another content."""


class FollowingError(AnnotationError):
    """A mark cannot be carried by the tissue, or the person stopped it; the mark stays as it was."""


class ExportError(AnnotationError):
    """Marks cannot be written in a format."""


class ExportCancelledError(ExportError):
    """The person stopped the export before it was complete; nothing of it was kept."""
