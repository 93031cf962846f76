"""Compares what videotg finds in some 200 video files with what PyAV decodes.

    python bench/reference/video_matrix.py make FOLDER         # write the files of the first plan
    python bench/reference/video_matrix.py encoders FOLDER     # or of the second, see video_encoders.py
    bench/run VideoTimes FOLDER/*.* > OUT.jsonl                # what videotg finds
    python bench/reference/video_matrix.py compare OUT.jsonl   # one line for every difference; exit code 1 if there is one

Needs ffmpeg (libx264, libx265, libvpx, SVT-AV1, with their usual options), av and numpy; with decord or torchcodec
installed, their differences from PyAV are printed too, indented. The first plan pairs containers with the codecs they hold, and gives each pair the traits that
apply to it in turn, so that every trait meets every container and every codec.
"""
import importlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import video_encoders

CODECS = {
    "h264": ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1"],
    "hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1"],
    "vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "1", "-lag-in-frames", "16"],
    "vp9": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "16"],
    "av1": ["-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=1"],
    "mpeg2": ["-c:v", "mpeg2video", "-q:v", "4"],
    "mpeg4": ["-c:v", "mpeg4", "-q:v", "4"],
    "mjpeg": ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"],
}
CONTAINERS = {
    "mp4": ["h264", "hevc", "vp9", "av1", "mpeg2", "mpeg4", "mjpeg"],
    "fmp4": ["h264", "hevc", "vp9", "av1", "mpeg4"],
    "mov": ["h264", "hevc", "mpeg2", "mpeg4", "mjpeg"],
    "mkv": ["h264", "hevc", "vp8", "vp9", "av1", "mpeg2", "mpeg4", "mjpeg"],
    "webm": ["vp8", "vp9", "av1"],
    "ts": ["h264", "hevc", "mpeg2", "mpeg4"],
    "avi": ["h264", "mpeg4", "mjpeg", "mpeg2"],
    "mpg": ["mpeg2"],
}
MOVIES = {"mp4", "fmp4", "mov"}
# Trait: the containers and the codecs that it applies to (None for all).
TRAITS = {
    "constant": (None, None),
    "variable": (set(CONTAINERS) - {"avi", "mpg"}, {"h264", "hevc", "vp8", "vp9", "av1", "mjpeg"}),
    "dropped": (None, None),
    "doubled": (None, None),
    "bframes": (None, {"h264", "hevc", "mpeg2", "mpeg4"}),
    "opengop": (None, {"h264", "hevc", "mpeg2"}),
    "fields": (None, {"h264", "mpeg2"}),
    "cut": (None, None),
    "opencut": (None, {"h264", "hevc", "mpeg2"}),
    "joined": (None, None),
    "offset": (set(CONTAINERS) - {"avi"}, None),
    "rotated": ({"mp4", "mov"}, None),
    "mirrored": ({"mp4", "mov"}, None),
    "audio": (None, {"h264", "mpeg4", "vp9", "mpeg2"}),
    "cover": ({"mp4", "mkv"}, None),
    "noduration": ({"mkv", "webm"}, None),
    "one": (None, None),
    "odd": (set(CONTAINERS) - {"mpg"}, {"vp8", "vp9", "mjpeg", "mpeg4"}),
    "tenbit": (None, {"hevc", "vp9", "h264"}),
    "alpha": ({"webm", "mkv"}, {"vp8", "vp9"}),
    "hours": (set(CONTAINERS) - {"mpg"}, {"h264", "mpeg4", "vp9"}),
}


def plan(limit):
    """Pairs with their traits: each pair takes a share of the traits that apply to it, shifted by its place."""
    pairs = [(container, codec) for container, codecs in CONTAINERS.items() for codec in codecs]
    cases = []
    for place, (container, codec) in enumerate(pairs):
        fitting = [
            trait
            for trait, (containers, codecs) in TRAITS.items()
            if (containers is None or container in containers) and (codecs is None or codec in codecs)
        ]
        count = min(len(fitting), -(-limit // len(pairs)))
        cases += [(container, codec, fitting[(place * 5 + i * 3) % len(fitting)]) for i in range(count)]
    return sorted(set(cases))


def run(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True, timeout=600)


def make(folder, container, codec, trait):
    suffix = "mp4" if container == "fmp4" else container
    file = folder / f"{container}-{codec}-{trait}.{suffix}"
    if file.exists():
        return
    part = folder / f".{file.stem}"
    size = "161x91" if trait == "odd" else "160x96"
    seconds, rate = (10800, 1) if trait == "hours" else (6, 25)
    options = [*CODECS[codec], "-g", "25"]
    filters = []
    if trait == "variable":
        filters = ["setpts='(N/25+floor(N/20)*0.4+0.01*mod(N,3))/TB'"]
        options += ["-vsync", "vfr", "-video_track_timescale", "90000"] if container in MOVIES else ["-vsync", "vfr"]
    elif trait == "dropped":
        filters = ["select='mod(n,7)*gte(n,1)'"]
        options += ["-vsync", "vfr"]
    elif trait == "doubled":
        filters = ["fps=12.5", "fps=25"]
    elif trait == "fields":
        options += ["-flags", "+ildct+ilme"]
    elif trait in ("bframes", "opengop", "opencut") and codec in ("mpeg2", "mpeg4", "h264"):
        options += ["-bf", "2"]
    if trait in ("opengop", "opencut"):
        extra = "open-gop=1:bframes=3:keyint=25:min-keyint=1:scenecut=0:b-adapt=0"
        options += {"h264": ["-x264-params", extra], "hevc": ["-x265-params", extra + ":log-level=none:pools=1"]}.get(
            codec, []
        )
    if trait == "tenbit":
        options += ["-pix_fmt", "yuv420p10le"]
    elif trait == "alpha":
        options += ["-pix_fmt", "yuva420p", "-auto-alt-ref", "0"]
    elif codec != "mjpeg":
        options += ["-pix_fmt", "yuv420p"]
    if trait == "one":
        options += ["-frames:v", "1"]
    if trait == "offset":
        options += ["-output_ts_offset", "5"]
    if trait == "rotated":
        options += ["-metadata:s:v:0", "rotate=90"]
    form = {"fmp4": ["-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof"], "mpg": ["-f", "mpeg"],
            "mkv": ["-f", "matroska"], "ts": ["-f", "mpegts"]}.get(container, ["-f", container])
    source = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}"]
    if trait == "audio":
        audio = {"webm": "libopus", "mpg": "mp2"}.get(container, "aac")
        source += ["-f", "lavfi", "-i", "sine=d=9", "-c:a", audio]
    chain = ["-vf", ",".join(filters)] if filters else []
    if trait in ("cut", "opencut"):
        run(*source, *chain, *options, "-cluster_time_limit", 400, *form, part)
        run("-ss", "2.3" if trait == "cut" else "2.6", "-i", part, "-c", "copy", *form, file)
    elif trait == "joined":
        run(*source, *chain, *options, *form, part)
        if container in ("ts", "mpg"):
            file.write_bytes(2 * part.read_bytes())
        else:
            listing = folder / f".{file.stem}.txt"
            listing.write_text(f"file '{part.resolve()}'\n" * 2)
            run("-f", "concat", "-safe", "0", "-i", listing, "-c", "copy", *form, file)
    elif trait == "cover":
        cover = folder / f".{file.stem}.png"
        run("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", "-f", "image2", cover)
        run(*source, *chain, *options, *form, part)
        run("-i", cover, "-i", part, "-map", 0, "-map", 1, "-c", "copy", "-disposition:v:0", "attached_pic", *form, file)
    elif trait == "noduration":
        with open(file, "wb") as out:
            command = ["ffmpeg", "-v", "error", "-y", *source, *chain, *options, *form, "pipe:1"]
            subprocess.run(command, stdout=out, check=True)
    else:
        run(*source, *chain, *options, *form, file)
    if trait == "mirrored":
        data = bytearray(file.read_bytes())
        at = data.index(b"tkhd") + 44
        data[at : at + 4] = (-65536 & 0xFFFFFFFF).to_bytes(4, "big")
        file.write_bytes(data)


def truth(file):
    """The times of the pictures that PyAV decodes, in seconds on the stream's clock."""
    import av

    times = []
    try:
        with av.open(str(file)) as container:
            stream = container.streams.best("video")
            for packet in container.demux(stream):
                try:
                    times += [None if f.pts is None else float(f.pts * stream.time_base) for f in packet.decode()]
                except av.error.FFmpegError:
                    pass
    except av.error.FFmpegError:
        pass  # cut off, or not a video
    return times


def samples_agree(times, end, indices):
    """Whether frames are those of transformers' sampling at the measured rate; nearest in time where that varies."""
    import numpy as np

    n = len(times)
    fps = n / (end - times[0])
    count = min(max(int(n / fps * 2), 4), 768, n)
    if count != len(indices):
        return False
    even = all(abs(t - times[0] - i / fps) <= min(0.5 / fps, 0.02) for i, t in enumerate(times))
    if even:
        return np.linspace(0, n - 1, count).round().astype(int).tolist() == indices
    distances = np.abs(np.array(times)[:, None] - np.linspace(times[0], times[-1], count))
    return np.allclose(distances.min(axis=0), distances[indices, np.arange(count)], atol=1e-9)


def with_decord(file):
    """Count of pictures, and a function from indices to their times."""
    import decord

    reader = decord.VideoReader(str(file))
    return len(reader), lambda indices: [reader.get_frame_timestamp(i)[0] for i in indices]


def with_torchcodec(file):
    from torchcodec.decoders import VideoDecoder

    reader = VideoDecoder(str(file), seek_mode="exact")
    return len(reader), lambda indices: reader.get_frames_at(list(indices)).pts_seconds.tolist()


def difference(open_file, file, times, indices):
    """How another program's count, or its times of the sampled frames, differ from PyAV's; None if they do not."""
    try:
        count, times_of = open_file(file)
        if count != len(times):
            return f"counts {count} instead of {len(times)}"
        if None in times:
            return None
        found = times_of(indices)
    except Exception as e:  # whatever it is, the file can't be used with that program
        return f"fails: {(str(e).strip() or type(e).__name__).splitlines()[0][:90]}"
    off = max(abs((a - found[0]) - (times[i] - times[indices[0]])) for a, i in zip(found, indices))
    return f"gives times that are off by up to {off:.2f} s" if off > 0.021 else None


def others():
    programs = {}
    for name, module, open_file in (("decord", "decord", with_decord), ("torchcodec", "torchcodec.decoders", with_torchcodec)):
        try:
            importlib.import_module(module)
            programs[name] = open_file
        except (ImportError, RuntimeError, OSError):
            print(f"without {name}, which is not installed")
    return programs


def compare(listing):
    differences = 0
    programs = others()
    rows = [json.loads(line) for line in open(listing)]
    for row in rows:
        file = Path(row["video"])
        expected = truth(file)
        found = row.get("times", [])
        problems = []
        if "error" in row and expected:
            problems.append(row["error"])
        elif len(expected) != len(found):
            problems.append(f"PyAV shows {len(expected)} pictures, videotg {len(found)}")
        elif expected and None not in expected and all(a <= b for a, b in zip(expected, expected[1:])):
            off = max(abs((a - expected[0]) - (b - found[0])) for a, b in zip(expected, found))
            if off > 0.0011:
                problems.append(f"times differ by up to {off:.4f} s")
            if not samples_agree(found, found[0] + row["duration"], row["indices"]):
                problems.append(f"sampled {row['indices']}")
        for name, open_file in programs.items():
            differs = difference(open_file, file, expected, row["indices"]) if expected and "indices" in row else None
            if differs:
                print(f"  {name} {differs}: {file.name}")
        for problem in problems:
            print(f"{file.name}: {problem}")
        differences += bool(problems)
    print(f"{len(rows)} files, {differences} with differences")
    return 1 if differences else 0


def main():
    action, folder = sys.argv[1], Path(sys.argv[2])
    if action == "compare":
        sys.exit(compare(folder))
    folder.mkdir(parents=True, exist_ok=True)
    if action == "encoders":
        video_encoders.make(folder)
        return

    def safely(case):
        try:
            make(folder, *case)
        except subprocess.SubprocessError as e:
            print("not made:", *case, e)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(safely, plan(200)))
    for file in folder.glob(".*"):
        file.unlink()


if __name__ == "__main__":
    main()
