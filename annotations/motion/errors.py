"""What can go wrong while the motion of a clip is measured, as one branch of the package's tree.

::

    AnnotationError
    └── MotionError
        ├── StillPictureError       one frame has no motion
        ├── PlaceError              a point or line lies where no tissue can be followed
        ├── MotionCancelledError    the person stopped the computation; nothing of it was kept
        └── MotionStoreError        results cannot be kept in the data folder
"""

from annotations.errors import AnnotationError


class MotionError(AnnotationError):
    """Base of every error of this folder."""


class StillPictureError(MotionError):
    """The clip has fewer than two frames."""


class PlaceError(MotionError):
    """A point or line lies outside the picture, or too near another to be followed."""


class MotionCancelledError(MotionError):
    """The person stopped the computation before it was complete."""


class MotionStoreError(MotionError):
    """A result cannot be written to the data folder."""
