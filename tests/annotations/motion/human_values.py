"""What people measured and saw in the real clips of the shared data folder."""

import os
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

SHARED = Path(os.environ.get("MSUS_SHARED_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table(path: Path) -> dict[str, list[dict[str, str | float]]]:
    """Read the sheets of a spreadsheet as rows of column letter and value."""
    with zipfile.ZipFile(path) as archive:
        shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        words = ["".join(part.text or "" for part in one.iter(f"{MAIN}t")) for one in shared]
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        names = [sheet.get("name") or "" for sheet in book.iter(f"{MAIN}sheet")]
        return {
            name: _rows(archive.read(f"xl/worksheets/sheet{number}.xml"), words)
            for number, name in enumerate(names, start=1)
        }


def _rows(sheet: bytes, words: list[str]) -> list[dict[str, str | float]]:
    rows = []
    for row in ElementTree.fromstring(sheet).iter(f"{MAIN}row"):
        cells: dict[str, str | float] = {}
        for cell in row.findall(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            if value is None or value.text is None:
                continue
            letter = re.sub(r"\d", "", cell.get("r") or "")
            cells[letter] = words[int(value.text)] if cell.get("t") == "s" else float(value.text)
        rows.append(cells)
    return rows
