"""Videos, archives and disc indices with one thing wrong or unusual in each, by the classes of ``defects.CLASSES``."""

from cases.sentences import Refusal, Remark, ScaleRefusal
from tests.cases import video_defect_files as made
from tests.cases.clip_factory import NumberedClip
from tests.cases.defect_files import dicom, disc_index, too_many_files, twins, unlike_series, zipped
from tests.cases.dicom_defects import Row
from tests.cases.video_defect_files import video

R, N, S = Refusal, Remark, ScaleRefusal
_ODD = NumberedClip(frames=4, rows=33, columns=161)
_ONE = NumberedClip(frames=1, rows=32, columns=160)
_LONG = NumberedClip(frames=20)
_WIDE = NumberedClip(frames=2, rows=48, columns=7_680)
_PLAYLIST = b"#EXTM3U\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n"
_SESSION = b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n"

ARCHIVE_DEFECTS: list[Row] = [
    ("59", "archive that expands two hundred times and more", R.ARCHIVE_EXPANDS,
     lambda: zipped(("a.dcm", bytes(30_000_000)))),
    ("59", "archive cut off", R.ARCHIVE_DAMAGED, lambda: zipped(("a.dcm", dicom()))[:-40]),
    ("59", "archive of a damaged file", R.MEMBER_DAMAGED, lambda: made.rotten_member(dicom())),
    ("59", "archive locked with a password", R.ARCHIVE_ENCRYPTED, lambda: zipped(("a.dcm", dicom()), locked=True)),
    ("59", "archive in an archive in an archive", R.ARCHIVE_NESTED,
     lambda: zipped(("a.zip", zipped(("b.zip", zipped(("c.dcm", dicom()))))))),
    ("59", "archive of twenty thousand files and one", R.ARCHIVE_TOO_MANY, too_many_files),
    ("59", "empty archive", R.NOTHING_INSIDE, zipped),
    ("60", "archive that leads outside", R.ARCHIVE_UNSAFE, lambda: zipped(("../evil.dcm", dicom()))),
    ("60", "archive with an absolute path", R.ARCHIVE_UNSAFE, lambda: zipped(("/etc/evil.dcm", dicom()))),
    ("60", "archive with a path to another computer", R.ARCHIVE_UNSAFE,
     lambda: zipped(("\\\\server\\share\\evil.dcm", dicom()))),
    ("60", "archive with a link", R.ARCHIVE_UNSAFE, lambda: zipped(("link", b"/etc/passwd"), link=True)),
    ("61", "index of a disc that leads outside", R.INDEX_LEADS_OUTSIDE,
     lambda: zipped(("DICOMDIR", disc_index([("..", "SECRET")])), ("A.DCM", dicom()))),
    ("61", "index of a disc whose files are missing", R.INDEX_NAMES_MISSING,
     lambda: zipped(("DICOMDIR", disc_index([("IMAGES", "IM1")])), ("A.DCM", dicom()))),
    ("62", "one identifier, other pixels", None, twins),
    ("62", "numbered pictures of unlike sizes", None, unlike_series),
]  # fmt: skip

VIDEO_DEFECTS: list[Row] = [
    ("V1", "cut, the index first", R.FRAMES_DAMAGED, lambda: made.cut(made.index_first(video(clip=_LONG)), 0.9)),
    ("V2", "cut, the index last", R.VIDEO_DAMAGED, lambda: made.cut(video())),
    ("V2", "cut, with a length but no index", R.VIDEO_ENDS_EARLY, lambda: made.cut(video("matroska", clip=_LONG), 0.8)),
    ("V5", "sound only", R.NO_VIDEO_STREAM, made.sound_only),
    ("V6", "variable rate", None, lambda: video(starts_ms=(0, 20, 90, 400))),
    ("V7", "turned by its matrix", N.ROTATED, made.turned),
    ("V8", "8K", R.PICTURE_TOO_LARGE, lambda: video(clip=_WIDE)),
    ("V9", "more than 5,000 frames in a video", R.TOO_MANY_FRAMES, lambda: made.many_frames(5_001)),
    ("V10", "HEVC", None, lambda: video(codec="libx265")),
    ("V11", "odd size, 4:4:4", None, lambda: video(layout="yuv444p", clip=_ODD)),
    ("V12", "10 bits", None, lambda: video(layout="yuv420p10le")),
    ("V13", "Motion JPEG in AVI", None, lambda: video("avi", "mjpeg", "yuvj420p")),
    ("V14", "WMV", None, lambda: video("asf", "wmv2")),
    ("V15", "raw AVI", None, lambda: video("avi", "rawvideo", "bgr24")),
    ("V16", "interlaced MPEG-2", N.DEINTERLACED, made.interlaced),
    ("V17", "GIF", None, made.gif),
    ("V17", "GIF whose frames have no time", N.NO_DELAY, lambda: made.gif(duration_ms=0)),
    ("V17", "animated PNG behind a picture of its own", None, made.png_with_stand_in),
    ("V18", "VP9 in WebM", None, lambda: video("webm", "libvpx-vp9", crf="20", b="0")),
    ("V19", "video rot", R.FRAMES_DAMAGED, lambda: made.rotten(video())),
    ("V20", "table of 2³¹ frames", R.VIDEO_DAMAGED, lambda: made.patched(video(), b"stsz", 8, b"\x80\0\0\0")),
    ("V21", "display size that lies", N.PIXEL_SHAPE_UNLIKELY,
     lambda: made.patched(video(), b"tkhd", 76, b"\xff\xff\0\0\xff\xff\0\0")),
    ("V22", "a second of no ticks", R.NO_GOOD_FRAME, lambda: made.patched(video(), b"mdhd", 12, bytes(4))),
    ("V23", "unknown codec", R.VIDEO_CODEC, made.unknown_fourcc),
    ("V24", "list of other files (ffconcat)", R.LOOKS_LIKE_TEXT,
     lambda: b"ffconcat version 1.0\nfile '/etc/passwd'\n"),
    ("V25", "playlist that leads to a file", R.LOOKS_LIKE_TEXT, lambda: _PLAYLIST % b"file:///etc/passwd"),
    ("V26", "playlist that leads to the web", R.LOOKS_LIKE_TEXT, lambda: _PLAYLIST % b"http://127.0.0.1:9/a.ts"),
    ("V27", "session description (SDP)", R.LOOKS_LIKE_TEXT, lambda: _SESSION),
    ("V28", "video of one frame", None, lambda: video(clip=_ONE)),
    ("V29", "locked against copying (CENC)", R.VIDEO_ENCRYPTED, made.encrypted),
    ("V30", "two moving pictures", N.OTHER_VIDEOS_LEFT_OUT, made.two_pictures),
    ("V31", "sound with a cover", R.NO_VIDEO_STREAM, made.cover_art),
    ("V32", "transparency", None, made.with_alpha),
    ("V33", "pixels that are not square", N.PIXELS_MADE_SQUARE, made.wide_pixels),
    ("V34", "frames before the beginning", N.LEFT_OUT_BY_FILE, lambda: video(starts_ms=(-80, -40, 0, 40))),
    ("V34", "trimmed at its end", N.LEFT_OUT_BY_FILE, lambda: made.trimmed(NumberedClip(12), 0, 8)),
    ("V34", "two frames at one moment", N.TIME_STAMPS_WRONG, made.standing_still),
    ("V38", "JPEG of several pictures (MPO)", N.OTHER_PICTURES_LEFT_OUT, made.several_jpegs),
    ("V39", "TIFF with a resolution, which is one of paper", S.VIDEO, made.tiff_with_resolution),
    ("V35", "name that leads outside once decoded", None, lambda: zipped(("a%00/..%2f..%2fb.mp4", video()))),
    ("V36", "two endings", None, lambda: zipped(("clip.mp4.dcm", video()))),
    ("V37", "sound, a title and a place beside", None, made.with_company),
]  # fmt: skip
