"""The closed list of sentences about a file from outside: why it is refused, and what to know where it opens.

Everything that can be said of a file is here and nowhere else, so that it can be translated in one place. A
field in braces is filled with a number, a tag or a word of ours, never with a value of the file's header; the one
exception are the names of files that the index of a disc misses.
"""

from enum import StrEnum

from cases.errors import DecoderStoppedError, LimitExceededError, UnreadableClipError, UnsupportedClipError


class Refusal(StrEnum):
    """Why a file cannot be shown, and what to do."""

    # Not a clip at all
    EMPTY = "The file is empty (0 bytes); copy it again from where it came."
    NOT_FOUND = "There is no such file; check its name."
    NOT_READABLE = "The file cannot be opened; check its permissions."
    LOOKS_LIKE_TEXT = "This is not a DICOM, video or picture file (it looks like text); choose another file."
    WEB_PAGE = "This is a web page, not a clip; download the file again."
    UNKNOWN_KIND = "This is not a DICOM, video or picture file that we know; choose another file."
    ARCHIVE_INSIDE = "This is an archive, not a clip; unpack it or open it on its own."
    # DICOM headers
    CUT_IN_HEADER = "The file is cut off in the header; ask for it again."
    HEADER_DAMAGED_AT = "The DICOM header is damaged at {tag}; export the clip again."
    DEFLATED_TOO_FAR = (
        "The file expands to more than {ratio} times its size or fills the memory; it is refused."
    )
    HEADER_DAMAGED = "The DICOM header is damaged; export the clip again."
    TOO_DEEP = "The DICOM header is nested more than {limit} deep; it is refused."
    TOO_MANY_ELEMENTS = "The DICOM header has more than {limit} elements; it is refused."
    ELEMENT_TOO_LONG = "Element {tag} claims to be longer than the file; ask for the file again."
    NO_PICTURE = "There is no picture inside this DICOM file, or it is cut off before it; export a cine clip."
    NOT_A_PICTURE_TYPE = "This DICOM file is a {type}, not a picture; export the clip itself."
    IS_INDEX = "This is the index of a disc (DICOMDIR); open the folder that it lies in."
    INDEX_NAMES_MISSING = (
        "{missing} of the {named} files that the index of the disc names cannot be found ({names}); "
        "copy the whole disc."
    )
    INDEX_LEADS_OUTSIDE = (
        "The index of the disc refers to files outside its folder; they are not read; copy the whole disc."
    )
    NO_TRANSFER_SYNTAX = "The DICOM file does not state its compression; export it again."
    UNKNOWN_TRANSFER_SYNTAX = "The compression {uid} is not known; export the clip uncompressed or as JPEG."
    UNSUPPORTED_CODEC = "The compression {codec} is not supported; export the clip uncompressed or as JPEG."
    FIELD_MISSING = "The required field {field} is missing; export the clip again."
    FIELD_UNREADABLE = "The field {field} cannot be read; export the clip again."
    PICTURE_SIZE_ZERO = "The picture size is 0; export the clip again."
    UNSUPPORTED_COLOUR = "The colour layout ({colour}) is not supported; export the clip as RGB or greyscale."
    UNSUPPORTED_BITS = "Samples of {bits} bits are not supported; export the clip with 8 or 16 bits."
    VALUES_TOO_WIDE = (
        "Its samples of {bits} bits reach from {low} to {high}, more than 16 bits can hold; "
        "export the clip with 8 or 16 bits."
    )
    PALETTE_DAMAGED = "The colour table of the picture is missing or damaged; export the clip as RGB."
    # Limits
    FILE_TOO_LARGE = "The file is larger than {limit_gib} GiB; cut it into shorter parts."
    PICTURE_TOO_LARGE = (
        "A picture of {columns} × {rows} pixels is larger than {limit} × {limit}; export it smaller."
    )
    TOO_MANY_FRAMES = "The clip has {frames} frames, more than {limit}; cut it into shorter parts."
    CLIP_TOO_LARGE = "The clip needs more than 4 GiB; cut it into shorter parts."
    VISIT_FULL = (
        "What is opened in one visit may take {limit_gib} GiB together; open fewer files, "
        "or reload the page to begin anew."
    )
    OUT_OF_MEMORY = (
        "The file needs more memory than the limit of {limit_mib} MiB; export it smaller or cut it."
    )
    # Picture data
    PIXELS_SHORT = "The picture data is cut short: {present} of {needed} bytes; ask for the file again."
    PIXELS_CUT = (
        "The picture data is cut short: {good} of {declared} frames could be read; ask for the file again."
    )
    FRAMES_FEWER = (
        "The file declares {declared} frames but holds {found}; keep the good ones or export it again."
    )
    FRAMES_MORE = (
        "The file declares {declared} frames but holds {found}; keep those declared or export it again."
    )
    FRAMES_DAMAGED = (
        "Frame {frame} cannot be decoded; {good} of {declared} frames are good; "
        "keep the good ones or export it again."
    )
    FRAME_EMPTY = "Frame {frame} is empty; {good} of {declared} frames are good; export the clip again."
    FRAME_SIZE_DIFFERS = (
        "Frame {frame} is {columns} × {rows} pixels, the header says otherwise; export the clip again."
    )
    FRAMES_UNALIKE = "Frame {frame} is compressed differently from the first; export the clip again."
    NO_GOOD_FRAME = "No frame of the clip could be decoded; export it again."
    FRAGMENTS_DAMAGED = "The table of the compressed frames is damaged; export the clip again."
    # Videos and pictures
    VIDEO_DAMAGED = "The video is damaged or cut off; copy it again from where it came."
    VIDEO_ENDS_EARLY = (
        "The video ends {missing_s} s before the end that it declares; keep the good frames or copy it again."
    )
    NO_VIDEO_STREAM = "There is no moving picture in this file (sound only?); choose another file."
    VIDEO_ENCRYPTED = "The video is locked against copying; export it without protection."
    VIDEO_CODEC = "The video compression {codec} is not supported; convert it to H.264 in an mp4 file."
    PICTURE_DAMAGED = "The picture is damaged or cut off; copy it again from where it came."
    # Archives and folders
    ARCHIVE_DAMAGED = "The archive is damaged or of an unknown kind; pack it again as a plain zip."
    MEMBER_DAMAGED = (
        "This file is damaged inside its archive or packed in an unknown way; pack it again as a plain zip."
    )
    ARCHIVE_ENCRYPTED = "The archive is locked with a password; unpack it first."
    ARCHIVE_UNSAFE = "The archive holds an unsafe path; unpack it yourself and open the clips."
    ARCHIVE_EXPANDS = (
        "The archive expands to more than {limit_gib} GiB or {ratio} times its size; it is refused."
    )
    ARCHIVE_NESTED = "Archives inside an archive inside an archive are not opened; unpack them first."
    ARCHIVE_TOO_MANY = "The archive or folder holds more than {limit} files; open a part of it."
    NOTHING_INSIDE = "There is no file inside; choose another folder or archive."
    # Series
    SERIES_UNALIKE = "The files of the series differ in size or kind; open them one by one."
    # The process that reads
    DECODER_ENDED = "Reading the file stopped the decoder; the file is probably damaged; export it again."
    TOO_SLOW = "Reading the file took longer than {limit_s} s; it is probably damaged; export it again."
    FRAME_TOO_SLOW = (
        "Reading one frame took longer than {limit_s} s; it is probably damaged; export it again."
    )
    INTERNAL = (
        "The file could not be read for a reason that we did not foresee; please report it with the file."
    )

    @property
    def error_class(self) -> type[UnreadableClipError]:
        """The error that carries this sentence."""
        if self in _LIMITS:
            return LimitExceededError
        if self in _UNSUPPORTED:
            return UnsupportedClipError
        return DecoderStoppedError if self in _STOPPED else UnreadableClipError

    def say(self, values: dict[str, int | float | str]) -> str:
        """Fill the sentence; a missing value is shown as a question mark rather than as an error."""
        return self.value.format_map(_Values(values))


class Remark(StrEnum):
    """What a viewer must know about a clip that opens."""

    DATA_NOT_AS_LABELLED = (
        "The file says its frames are {label}, but they are {codec}; they were read as {codec}."
    )
    COLOUR_NOT_AS_LABELLED = (
        "The file's colour label disagrees with its frames; they were shown by their own data."
    )
    HEADER_NOT_AS_LABELLED = "The DICOM header is not written as it says; it was read as it is written."
    BITS_NOT_AS_LABELLED = (
        "The file says its samples have {label} bits, but they have {bits}; they were read with {bits}."
    )
    MORE_DATA_THAN_DECLARED = (
        "The file holds more picture data than its {declared} declared frames; it was left out."
    )
    FRAMES_COUNTED = "The file does not say how many frames it holds; all {found} that were found are shown."
    FEWER_FRAMES_KEPT = "The file declares {declared} frames; the {good} good ones are shown."
    OFFSET_TABLE_WRONG = "The table of frame positions was wrong; the frames were found by their own marks."
    FRAMES_IN_ONE_PIECE = (
        "The compressed frames were not kept apart in the file; they were found by their own marks."
    )
    LAST_BYTE_MISSING = "The last byte of the picture data was missing; it was filled in."
    END_MARK_MISSING = "The end mark of the picture data was missing; all declared frames were there."
    LOOKS_DAMAGED = "These frames look damaged, compare them with their neighbours: {frames}."
    VECTOR_REFUSED = "The Frame Time Vector was not used: {reason}."
    FRAME_TIME_REFUSED = "The Frame Time was not used: it is not a positive number."
    TIME_UNKNOWN = "The file does not say how fast the clip runs."
    TIMES_LOST = "Frames are missing at places that nothing tells, so the times of the others are not known."
    TIME_STAMPS_WRONG = "The time stamps of the video were missing or went back; its mean rate was used."
    DISPLAY_RATE_DIFFERS = (
        "The file recommends showing {display_hz} frames a second; it was taken at {file_hz}."
    )
    RATES_DISAGREE = (
        "The file states {file_hz} frames a second as {used} and {other_hz} as {other}; the first was used."
    )
    DURATION_DIFFERS = "The file states a length of {stated_s} s, but {used_s} s by its {used}; the second was used for all times."
    NO_DELAY = "The file gives its frames no time, so how fast they ran is not known (browsers show 10 of them a second)."
    OTHER_PICTURES_LEFT_OUT = "The file holds {count} pictures; the first one is shown."
    PICTURES_MISSING = (
        "Between the numbers of the pictures {missing} are missing; their neighbours follow each other here."
    )
    PIXELS_SHOWN_SQUARE = (
        "The file says that its pixels are not square; they are shown square, so shapes are not true."
    )
    SCALE_UNLIKELY = (
        "By its own scale the picture is {width_mm} mm wide; check it before you rely on lengths."
    )
    RATE_UNLIKELY = (
        "By its own times the clip has {rate_hz} frames a second; check them before you rely on times."
    )
    REGION_CLIPPED = "A calibration region went past the edge of the picture; the part inside was kept."
    REGION_DROPPED = "A calibration region outside the picture was left out."
    NEGATIVE_DELTA = "An axis of the calibration runs backwards; lengths use its magnitude."
    SPACING_BESIDE_REGIONS = "Pixel Spacing was not used, because the file has ultrasound regions."
    WINDOW_UNUSABLE = "The file's window has no width; the range of the samples is shown instead."
    ROTATED = "The picture was turned as the file asks."
    PIXELS_MADE_SQUARE = (
        "The pixels of the video are not square; the picture was widened to show true shapes."
    )
    PIXEL_SHAPE_UNLIKELY = "The file states a shape of its pixels that no video has; they are shown square."
    ENDS_EARLY = "The video ends {missing_s} s before the end that it declares; it was cut off."
    OTHER_VIDEOS_LEFT_OUT = "The file holds {count} moving pictures; the first one is shown."
    LEFT_OUT_BY_FILE = (
        "The file itself leaves out {count} of its frames, as cutting programs do; they are not shown."
    )
    DEINTERLACED = "The two halves of each frame were taken one after the other; they were put together."
    RESCALE_VARIES = "What its samples mean differs between the frames; their stored numbers are shown, which do not compare."
    HIGH_BITS_CLEARED = "Bits above the stored ones (overlays) were left out."

    def say(self, values: dict[str, int | float | str] | None = None) -> str:
        """Fill the sentence."""
        return self.value.format_map(_Values(values or {}))


class ScaleRefusal(StrEnum):
    """Why lengths of a clip are in px."""

    NONE_IN_FILE = "the file carries no scale"
    VIDEO = "a video or picture carries no scale"
    UNITS = "the units of the ultrasound regions are not centimetres"
    DELTAS = "the scale of the ultrasound regions is zero, missing or not a number"
    OUTSIDE = "the ultrasound regions lie outside the picture"
    NO_PLACE = "the ultrasound regions do not say where in the picture they lie"
    RESCALED = "the ultrasound regions are larger than the picture, which was probably rescaled after export"
    UNLIKE_HEADER = "its frames are turned or of another size than the header states"
    ONE_AXIS = "the ultrasound regions have a length on one axis only"
    SPACING = "the Pixel Spacing is zero, missing or not a number"
    SPACING_VARIES = "the Pixel Spacing differs between the frames"


class VectorRefusal(StrEnum):
    """Why a Frame Time Vector was not used."""

    TOO_SHORT = "it has fewer entries than the clip has frames"
    TOO_LONG = "it has more entries than the clip has frames"
    NOT_POSITIVE = "it holds zeros or negative times"
    NOT_A_NUMBER = "it holds entries that are no numbers"


class _Values(dict[str, int | float | str]):
    def __missing__(self, key: str) -> str:
        return "?"


_LIMITS = {
    Refusal.FILE_TOO_LARGE,
    Refusal.PICTURE_TOO_LARGE,
    Refusal.TOO_MANY_FRAMES,
    Refusal.CLIP_TOO_LARGE,
    Refusal.OUT_OF_MEMORY,
    Refusal.VISIT_FULL,
    Refusal.TOO_DEEP,
    Refusal.TOO_MANY_ELEMENTS,
    Refusal.DEFLATED_TOO_FAR,
    Refusal.ARCHIVE_EXPANDS,
    Refusal.ARCHIVE_TOO_MANY,
    Refusal.ARCHIVE_NESTED,
}
_UNSUPPORTED = {
    Refusal.UNKNOWN_TRANSFER_SYNTAX,
    Refusal.UNSUPPORTED_CODEC,
    Refusal.UNSUPPORTED_COLOUR,
    Refusal.UNSUPPORTED_BITS,
    Refusal.VALUES_TOO_WIDE,
    Refusal.NOT_A_PICTURE_TYPE,
    Refusal.VIDEO_CODEC,
}
_STOPPED = {Refusal.DECODER_ENDED, Refusal.TOO_SLOW, Refusal.FRAME_TOO_SLOW, Refusal.INTERNAL}
