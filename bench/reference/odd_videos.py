"""Writes the small videos of unusual structure that the tests of module video read.

    python bench/reference/odd_videos.py video/src/test/resources/org/videotg/video/odd

Needs the program ffmpeg with libx264, libx265 and libvpx. Frame n shows n in black and white cells, as TestClips does.
"""
import subprocess
import sys
from pathlib import Path

BITS, CELL = 10, 16
WIDTH, HEIGHT = BITS * CELL, 32


def frame(number):
    rgb = bytearray(WIDTH * HEIGHT * 3)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            white = y >= HEIGHT // 2 and number >> (x // CELL) & 1
            red = y < HEIGHT // 2 and x < CELL
            at = (y * WIDTH + x) * 3
            rgb[at : at + 3] = bytes([255 if white or red else 0] + 2 * [255 if white else 0])
    return bytes(rgb)


def ffmpeg(*arguments, data=None):
    command = ["ffmpeg", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, input=data, check=True)


def encode(file, count, *options, fps=25):
    raw = b"".join(frame(n) for n in range(count))
    size = f"{WIDTH}x{HEIGHT}"
    ffmpeg("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", fps, "-i", "-", "-pix_fmt", "yuv420p" if file.suffix != ".png" else "rgb24",
           "-fflags", "+bitexact", "-flags:v", "+bitexact", *options, file, data=raw)


class Bits:
    """Bits of a NAL unit, with Exp-Golomb codes."""

    def __init__(self):
        self.text = ""

    def u(self, bits, value):
        self.text += format(value, f"0{bits}b")
        return self

    def ue(self, *values):
        for value in values:
            code = bin(value + 1)[2:]
            self.text += "0" * (len(code) - 1) + code
        return self

    def align(self, bit="0"):
        self.text += bit * (-len(self.text) % 8)
        return self

    def nal(self, kind):
        text = self.text + "1"
        text += "0" * (-len(text) % 8)
        payload = bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
        escaped, zeros = bytearray(), 0
        for byte in payload:
            if zeros == 2 and byte <= 3:
                escaped.append(3)
                zeros = 0
            zeros = zeros + 1 if byte == 0 else 0
            escaped.append(byte)
        return b"\0\0\0\1" + bytes([kind]) + bytes(escaped)


def fields(count):
    """H.264 whose frames are pairs of field pictures (PAFF) of PCM macroblocks."""
    columns, rows = WIDTH // 16, HEIGHT // 32
    # Baseline-like main profile, fields allowed, order of pictures as decoded.
    sps = Bits().u(8, 77).u(8, 0).u(8, 30).ue(0, 0, 2, 1).u(1, 0).ue(columns - 1, rows - 1)
    sps.u(1, 0).u(1, 0).u(1, 1).u(1, 0).u(1, 0)
    pps = Bits().ue(0, 0).u(1, 0).u(1, 0).ue(0, 0, 0).u(1, 0).u(2, 0).ue(0, 0, 0).u(1, 0).u(1, 0).u(1, 0)
    stream = [sps.nal(0x67), pps.nal(0x68)]
    for number in range(count):
        rgb = frame(number)
        for bottom in (0, 1):
            idr = number == 0 and not bottom
            head = Bits().ue(0, 7, 0).u(4, number % 16).u(1, 1).u(1, bottom)
            if idr:
                head.ue(0)
            if idr:
                head.u(1, 0).u(1, 0)
            else:
                head.u(1, 0)
            head.ue(0)
            for row in range(rows):
                for column in range(columns):
                    head.ue(25).align()
                    for y in range(16):
                        at = ((32 * row + 2 * y + bottom) * WIDTH + 16 * column) * 3
                        for x in range(16):
                            head.u(8, 16 + rgb[at + 3 * x + 1] * 219 // 255)
                    for _ in range(128):
                        head.u(8, 128)
            stream.append(head.nal(0x65 if idr else 0x41))
    return b"".join(stream)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "whole.tmp.mkv"
    x264 = ["-c:v", "libx264", "-crf", "20", "-x264-params", "threads=1"]

    def cut(parameters, start, *files):
        encode(whole, 100, "-c:v", *parameters, "-crf", "20", "-cluster_time_limit", 400)
        for file in files:
            ffmpeg("-ss", start, "-i", whole, "-c", "copy", "-fflags", "+bitexact", folder / file)

    # Two fields in a frame, each a packet of its own.
    raw = folder / "fields.tmp.h264"
    raw.write_bytes(fields(20))
    ffmpeg("-i", raw, "-c", "copy", "-bsf:v", "setts=ts=N*1800:time_base=1/90000", folder / "fields.ts")
    ffmpeg("-i", folder / "fields.ts", "-c", "copy", "-fflags", "+bitexact", folder / "fields.mkv")
    # Packets that show no picture: alternate reference frames.
    for name, codec in (("hidden.webm", "libvpx"), ("superframes.webm", "libvpx-vp9")):
        for number in (1, 2):
            encode(folder / name, 60, "-c:v", codec, "-b:v", "200k", "-auto-alt-ref", "1", "-lag-in-frames", "25",
                   "-pass", number, "-passlogfile", folder / "pass.tmp")
    # Cut at a picture that is not the first in order of presentation: those before it need what was cut off.
    open_gop = "open-gop=1:keyint=40:min-keyint=40:scenecut=0:bframes=3:b-adapt=0"
    cut(["libx264", "-x264-params", open_gop + ":threads=1"], 2.5, "open-gop.mkv")
    cut(["libx265", "-x265-params", open_gop + ":log-level=none:pools=1"], 2.5, "open-gop-hevc.mkv", "open-gop-hevc.ts")
    # Begins in the midst of a group of pictures.
    encode(folder / "whole.tmp.ts", 100, *x264, "-g", "40")
    data = (folder / "whole.tmp.ts").read_bytes()
    third = len(data) // 188 // 5 * 188
    (folder / "mid-gop.ts").write_bytes(data[: 2 * 188 + 188] + data[third:])
    # A part of a longer stream: its clock starts at an hour, without an edit list.
    segment = folder / "segment.mp4"
    encode(segment, 50, *x264, "-movflags", "frag_keyframe+empty_moov+default_base_moof")
    data = bytearray(segment.read_bytes())
    at = data.index(b"tfdt") + 8
    data[at : at + 8] = (3600 * 12800).to_bytes(8, "big")
    segment.write_bytes(data)
    # A cover picture comes before the video.
    encode(folder / "cover.tmp.png", 1, "-frames:v", 1)
    encode(whole, 30, *x264)
    ffmpeg("-i", folder / "cover.tmp.png", "-i", whole, "-map", 0, "-map", 1, "-c", "copy", "-disposition:v:0",
           "attached_pic", "-fflags", "+bitexact", folder / "cover-first.mp4")
    for file in folder.glob("*.tmp*"):
        file.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
