"""CVAT files, ours and those of other programs, and any XML that is given instead."""

from annotations.errors import ImportRefusedError
from annotations.exchange.cvat_reading import read_cvat
from annotations.exchange.imported import Reading
from tests.cases.fuzzing.parsers.parser import Parser

_TRACKS = b"""<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><task><original_size><width>160</width><height>120</height></original_size><stop_frame>9</stop_frame></task></meta>
<track id="0" label="tear" source="manual">
<polygon frame="0" outside="0" occluded="0" keyframe="1" points="1.5,2.5;30,4;30,40" z_order="0"/>
<polygon frame="5" outside="1" occluded="0" keyframe="1" points="1.5,2.5;30,4;30,40" z_order="0"/>
</track>
<track id="1" label="gap"><polyline frame="2" outside="0" keyframe="1" points="1,2;3,4">
<attribute name="kind">caliper</attribute><attribute name="id">gap</attribute></polyline></track>
<track id="2" label="box"><box frame="1" outside="0" keyframe="1" xtl="1" ytl="2" xbr="30" ybr="40"/></track>
<track id="3" label="tips"><points frame="1" outside="0" keyframe="1" points="1,2;3,4;5,6"/></track>
</annotations>"""
_IMAGES = b"""<annotations><image id="0" name="0.png" width="160" height="120">
<ellipse label="blood" cx="50" cy="40" rx="20.5" ry="10"/><polygon label="a" points="1,2;3,4;9,9"/></image></annotations>"""


def _parse(content: bytes) -> None:
    imported = read_cvat(content, Reading("a file", "clip-1"))
    assert imported.marks
    assert len({mark.id for mark in imported.marks}) == len(imported.marks)


PARSER = Parser("CVAT", _parse, (ImportRefusedError,), lambda: [_TRACKS, _IMAGES], is_text=True)
