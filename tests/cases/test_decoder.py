import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cases.decoding import Decoder
from cases.errors import DecoderStoppedError, ImportCancelledError, LimitExceededError, UnreadableClipError
from cases.settings import Limits
from cases.store import ClipStore
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip

CLIP = NumberedClip(frames=30)
only_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no resource limits")


def _pids(decoder: Decoder) -> set[int]:
    return {child.pid for child in decoder._all}


class _Sink:
    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def add(self, encoded: bytes) -> None:
        self.frames.append(encoded)

    def restart(self) -> None:
        self.frames.clear()


def test_one_process_is_started_once_and_kept_for_many_files(tmp_path: Path):
    path = factory.write_dicom(tmp_path / "a.dcm", CLIP)
    with Decoder(processes=1) as decoder:
        decoder.warm()
        first = _pids(decoder)
        for _ in range(3):
            decoder.read([path], _Sink())
        assert _pids(decoder) == first


@only_posix
def test_a_process_that_is_killed_in_the_middle_refuses_its_file_and_is_replaced(tmp_path: Path):
    path = factory.write_dicom(tmp_path / "a.dcm", CLIP, factory.JPEG_BASELINE)
    with Decoder(processes=1) as decoder:
        decoder.warm()
        (pid,) = _pids(decoder)

        def kill_after_three(done: int, declared: int | None) -> None:
            if done == 3:
                os.kill(pid, signal.SIGKILL)

        large = factory.write_dicom(tmp_path / "b.dcm", NumberedClip(frames=200, rows=300, columns=400))
        with pytest.raises(DecoderStoppedError, match=r"b\.dcm: Reading the file stopped the decoder"):
            decoder.read([large], _Sink(), progress=kill_after_three)
        head, _ = decoder.read([path], _Sink())
        assert head.frames == 30
        assert pid not in _pids(decoder)


def test_an_idle_process_that_died_is_replaced(tmp_path: Path):
    path = factory.write_dicom(tmp_path / "a.dcm", CLIP)
    with Decoder(processes=1) as decoder:
        decoder.read([path], _Sink())
        for child in list(decoder._all):
            child.kill()
            child._process.wait()
        assert decoder.read([path], _Sink())[0].frames == 30


def test_who_waits_for_a_busy_process_can_cancel_too(tmp_path: Path):
    path = factory.write_dicom(tmp_path / "a.dcm", CLIP)
    waiting, answers = threading.Event(), []

    def read_another(decoder: Decoder) -> None:
        with pytest.raises(ImportCancelledError) as refused:
            decoder.read([path], _Sink(), cancel=lambda: waiting.is_set() or not waiting.set())
        answers.append(refused.value)

    with Decoder(processes=1) as decoder:

        def wait_for_the_other(done: int, declared: int | None) -> None:
            if done == 3:
                other = threading.Thread(target=read_another, args=[decoder])
                other.start()
                other.join()

        decoder.read([path], _Sink(), progress=wait_for_the_other)
    assert len(answers) == 1


def test_a_cancelled_import_stops_and_keeps_nothing(tmp_path: Path):
    path = factory.write_dicom(tmp_path / "a.dcm", NumberedClip(frames=200, rows=300, columns=400))
    store = ClipStore(tmp_path / "store")
    stop = threading.Event()
    with Decoder(processes=1) as decoder:
        with pytest.raises(ImportCancelledError, match="nothing of it was kept"):
            store.import_file(path, decoder, progress=lambda done, declared: stop.set(), cancel=stop.is_set)
        assert list((tmp_path / "store").iterdir()) == []
        assert store.import_file(path, decoder).head.frames == 200


def test_a_file_that_takes_too_long_is_refused_and_its_process_replaced(tmp_path: Path):
    path = factory.write_dicom(tmp_path / "a.dcm", NumberedClip(frames=200, rows=600, columns=800))
    with Decoder(Limits(max_file_s=0.05), processes=1) as decoder:
        decoder.warm()
        before = _pids(decoder)
        with pytest.raises(DecoderStoppedError, match="took longer than"):
            decoder.read([path], _Sink())
        assert not before & _pids(decoder)


@only_posix
def test_cpu_time_is_limited_by_the_system_itself():
    code = "from cases.decoding import sandbox\nsandbox.allow_cpu(0)\nwhile True: pass\n"
    ended = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert ended.returncode == -signal.SIGXCPU


@only_posix
def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path):
    path = factory.write_dicom(
        tmp_path / "a.dcm", NumberedClip(frames=1, rows=4000, columns=4000, is_colour=True)
    )
    with Decoder(Limits(max_memory_bytes=150 << 20), processes=1) as decoder:
        with pytest.raises(LimitExceededError, match="more memory than the limit of 150 MiB"):
            decoder.read([path], _Sink())
        small = factory.write_dicom(tmp_path / "b.dcm", CLIP)
        assert decoder.read([small], _Sink())[0].frames == 30


@only_posix
def test_the_process_can_neither_write_files_nor_reach_the_network_nor_start_programs(tmp_path: Path):
    code = f"""
import socket, subprocess, sys
from cases.decoding import sandbox
sandbox.restrict_process(1 << 30)
refused = 0
try:
    with open({str(tmp_path / "left")!r}, "w") as stream:
        stream.write("x" * 100)
except OSError:
    refused += 1
for attempt in (lambda: socket.create_connection(("127.0.0.1", 9)), lambda: subprocess.run(["true"])):
    try:
        attempt()
    except PermissionError:
        refused += 1
try:
    bytearray(2 << 30)
except MemoryError:
    refused += 1
sys.exit(refused)
"""
    ended = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert ended.returncode == 4


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has networks of a process's own")
def test_no_library_of_a_decoding_process_reaches_the_network():
    code = (
        "import ctypes, os, socket, struct, sys\n"
        "from cases.decoding import sandbox\n"
        "libc, port = ctypes.CDLL(None), int(sys.argv[1])\n"
        "sandbox.restrict_process(1 << 30)\n"
        "mine, theirs = os.readlink('/proc/self/ns/net'), sys.argv[2]\n"
        "address = struct.pack('=HHI8x', 2, socket.htons(port), socket.htonl(0x7F000001))\n"
        "print('apart' if mine != theirs else 'together', libc.connect(libc.socket(2, 1, 0), address, 16))\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port, namespace = server.getsockname()[1], os.readlink("/proc/self/ns/net")
        ran = subprocess.run(
            [sys.executable, "-c", code, str(port), namespace],
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
    where, connected = ran.stdout.split()
    if where == "together":
        pytest.skip("this machine does not let a process leave the network")
    assert connected == "-1"


def test_several_threads_may_decode_at_once(tmp_path: Path):
    paths = [factory.write_dicom(tmp_path / f"{k}.dcm", NumberedClip(frames=5 + k)) for k in range(6)]
    found: dict[int, int] = {}
    with Decoder(processes=2) as decoder:
        threads = [
            threading.Thread(
                target=lambda k=k: found.__setitem__(k, decoder.read([paths[k]], _Sink())[0].frames)
            )
            for k in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {k: 5 + k for k in range(6)}


def test_a_closed_decoder_leaves_no_process_and_no_folder(tmp_path: Path):
    decoder = Decoder(processes=2)
    decoder.warm()
    (child,) = decoder._all
    decoder.close()
    assert not child.is_alive
    assert not child.folder.exists()


@only_posix
def test_a_server_that_is_killed_leaves_no_process_and_no_folder(tmp_path: Path):
    code = (
        "import os, signal\n"
        "from cases.decoding import Decoder\n"
        "decoder = Decoder(processes=2)\n"
        "decoder.warm()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env={**os.environ, "TMPDIR": str(temporary)}, check=False
    )
    assert ran.returncode == -signal.SIGKILL
    patience = threading.Event()
    for _ in range(300):
        if not list(temporary.iterdir()):
            return
        patience.wait(0.1)
    assert list(temporary.iterdir()) == []


def test_progress_counts_frames_up_to_those_declared(tmp_path: Path, decoder: Decoder):
    seen: list[tuple[int, int | None]] = []
    path = factory.write_dicom(tmp_path / "a.dcm", CLIP)
    decoder.read([path], _Sink(), progress=lambda done, declared: seen.append((done, declared)))
    assert seen == [(k, 30) for k in range(31)]


def test_a_file_larger_than_the_limit_is_refused_unread(tmp_path: Path):
    path = tmp_path / "a.dcm"
    with path.open("wb") as stream:
        stream.truncate(3 << 20)
    with (
        Decoder(Limits(max_file_bytes=2 << 20), processes=1) as decoder,
        pytest.raises(LimitExceededError, match="larger than"),
    ):
        decoder.read([path], _Sink())


def test_a_name_that_is_not_there_is_said_to_be_not_there(tmp_path: Path, decoder: Decoder):
    with pytest.raises(UnreadableClipError, match=r"nothing\.dcm: There is no such file"):
        decoder.read([tmp_path / "nothing.dcm"], _Sink())
