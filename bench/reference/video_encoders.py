"""The second plan of video_matrix.py: about 150 files of other encoders and of recorders' settings.

Needs the programs ffmpeg (libx264, libx265, SVT-AV1, libvpx, libaom, rav1e), x265, SvtAv1EncApp, mpeg2enc and mplex, and
yuv2lav. A file is ENCODER-SETTING-CONTAINER.SUFFIX.
"""
import subprocess

SIZE, RATE, SECONDS = "160x96", 25, 5

X264 = {
    "zerolatency": "-tune zerolatency -preset ultrafast",
    "intrarefresh": "-preset veryfast -x264-params intra-refresh=1:keyint=60:bframes=0",
    "longgop": "-preset veryfast -g 100000 -bf 0 -sc_threshold 0",
    "pyramid": "-preset slow -bf 8 -x264-params b-pyramid=normal:b-adapt=2:ref=6:keyint=50",
    "strictpyramid": "-preset slow -bf 5 -x264-params b-pyramid=strict:open-gop=1:keyint=30:b-adapt=0",
    "screen": "-preset ultrafast -tune stillimage -qp 0 -pix_fmt yuv444p",
    "recorder": "-preset ultrafast -g 250 -bf 0 -x264-params force-cfr=0:nal-hrd=vbr:vbv-maxrate=500:vbv-bufsize=500",
    "slices": "-preset veryfast -x264-params slices=4:sliced-threads=1:keyint=25",
    "tff": "-preset veryfast -x264-params tff=1:keyint=24",
    "fakeinterlaced": "-preset veryfast -x264-params fake-interlaced=1:keyint=24",
    "pulldown": "-preset veryfast -x264-params pulldown=32:keyint=24 -r 24",
    "cavlcbaseline": "-preset veryfast -profile:v baseline -g 12",
}
X265 = {
    "default": "-preset ultrafast",
    "opengop": "-preset fast -x265-params open-gop=1:keyint=24:min-keyint=24:bframes=4:b-adapt=0",
    "closedpyramid": "-preset medium -x265-params open-gop=0:keyint=48:bframes=8:b-pyramid=1",
    "intrarefresh": "-preset ultrafast -x265-params intra-refresh=1:keyint=50:bframes=0",
    "zerolatency": "-preset ultrafast -tune zerolatency",
    "longgop": "-preset ultrafast -x265-params keyint=-1:bframes=3",
    "temporallayers": "-preset medium -x265-params temporal-layers=1:bframes=4:keyint=32",
    "tenbit": "-preset ultrafast -pix_fmt yuv420p10le -x265-params bframes=3",
    "repeatheaders": "-preset ultrafast -x265-params repeat-headers=1:aud=1:hrd=1:vbv-maxrate=800:vbv-bufsize=800:keyint=20",
    "radl": "-preset medium -x265-params radl=2:open-gop=0:keyint=24:min-keyint=24:bframes=4:b-adapt=0",
    "field": "-preset ultrafast -x265-params interlace=tff:keyint=24",
}
SVT = {
    "default": "-preset 12",
    "lowdelay": "-preset 12 -svtav1-params pred-struct=1",
    "opengop": "-preset 10 -svtav1-params irefresh-type=1:keyint=32",
    "overlays": "-preset 8 -svtav1-params enable-overlays=1:keyint=64",
    "fivelevels": "-preset 8 -svtav1-params hierarchical-levels=5:keyint=-1",
    "filmgrain": "-preset 10 -svtav1-params film-grain=8",
    "superres": "-preset 10 -svtav1-params superres-mode=1:superres-denom=12",
    "tenbit": "-preset 12 -pix_fmt yuv420p10le",
}
VPX = {
    "realtime": "-c:v libvpx -deadline realtime -cpu-used 8 -error-resilient 1 -lag-in-frames 0 -b:v 200k",
    "dropping": "-c:v libvpx -deadline realtime -cpu-used 8 -drop-threshold 80 -b:v 8k -bufsize 8k",
    "arnr": "-c:v libvpx -deadline good -cpu-used 4 -auto-alt-ref 1 -lag-in-frames 25 -arnr-maxframes 7 -b:v 200k",
    "temporallayers": "-c:v libvpx -deadline realtime -cpu-used 8 -error-resilient 1 -b:v 200k -ts-parameters "
    "ts_number_layers=3:ts_target_bitrate=50,100,200:ts_rate_decimator=4,2,1:ts_periodicity=4:ts_layer_id=0,2,1,2",
}
VP9 = {
    "realtime": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -lag-in-frames 0 -error-resilient 1 -b:v 200k",
    "altref": "-c:v libvpx-vp9 -deadline good -cpu-used 5 -auto-alt-ref 6 -lag-in-frames 25 -b:v 200k",
    "lossless444": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -lossless 1 -pix_fmt yuv444p",
    "tiles": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -tile-columns 1 -frame-parallel 1 -g 20",
}
AOM = {
    "aom": "-c:v libaom-av1 -cpu-used 8 -usage realtime -b:v 200k",
    "aomgood": "-c:v libaom-av1 -cpu-used 6 -lag-in-frames 25 -b:v 200k",
    "rav1e": "-c:v librav1e -speed 10 -b:v 200k",
}
OTHERS = {
    "mpeg4packed": "-c:v mpeg4 -bf 2 -q:v 4 -vtag DIVX",
    "mpeg4qpel": "-c:v mpeg4 -flags +qpel+mv4 -q:v 4 -g 300",
    "flashsv": "-c:v flashsv2",
    "ffv1": "-c:v ffv1 -level 3 -g 1",
    "utvideo": "-c:v utvideo",
    "prores": "-c:v prores_ks -profile:v 0",
    "theora": "-c:v libtheora -q:v 4",
    "qtrle": "-c:v qtrle",
}

FORMS = {
    "mp4": ["-f", "mp4"],
    "fast": ["-f", "mp4", "-movflags", "faststart"],
    "frag": ["-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
    "live": ["-f", "mp4", "-movflags", "frag_every_frame+empty_moov"],
    "mov": ["-f", "mov"],
    "mkv": ["-f", "matroska"],
    "livemkv": ["-f", "matroska", "-live", "1"],
    "webm": ["-f", "webm"],
    "livewebm": ["-f", "webm", "-live", "1"],
    "ts": ["-f", "mpegts"],
    "flv": ["-f", "flv"],
    "avi": ["-f", "avi"],
    "nut": ["-f", "nut"],
    "ivf": ["-f", "ivf"],
    "ogv": ["-f", "ogg"],
}
SUFFIXES = {"fast": "mp4", "frag": "mp4", "live": "mp4", "livemkv": "mkv", "livewebm": "webm"}

# Times as a recorder of a screen gives them: nothing while nothing moves, and milliseconds that wander.
WANDERING = "setpts='(N/25+0.004*mod(N*7,5))/TB'"
PAUSES = "setpts='(N/25+floor(N/30)*1.7)/TB'"
CHANGES = "select='not(mod(n,9))+lt(mod(n,50),14)'"
FILTERS = {"wander": WANDERING, "pauses": PAUSES, "changes": CHANGES}


def plan():
    """Names of files with the arguments that make them."""
    cases = []

    def add(encoder, settings, containers, timing=None):
        """Every setting in one of the containers after another; each container meets a different setting."""
        for place, (name, options) in enumerate(settings.items()):
            for shift in range(2):
                container = containers[(2 * place + shift) % len(containers)]
                cases.append((f"{encoder}-{name}{'-' + timing if timing else ''}-{container}", options.split(), container, timing))

    def coded(codec, settings):
        return {name: f"-c:v {codec} {options}" for name, options in settings.items()}

    add("x264", coded("libx264", X264), ["mp4", "frag", "mkv", "ts", "live", "flv", "mov", "fast", "livemkv", "nut", "avi"])
    add("x265", coded("libx265", X265), ["mp4", "mkv", "ts", "frag", "mov", "live", "nut"])
    add("svt", coded("libsvtav1", SVT), ["mp4", "webm", "mkv", "ivf", "frag", "live", "livewebm"])
    add("vp8", VPX, ["webm", "livewebm", "mkv", "ivf", "avi"])
    add("vp9", VP9, ["webm", "mp4", "livewebm", "mkv", "ivf", "frag"])
    add("av1", AOM, ["mp4", "webm", "mkv", "ivf"])
    recorders = {k: v for k, v in coded("libx264", X264).items() if "libx264" in v and k in (
        "zerolatency", "intrarefresh", "longgop", "screen", "recorder", "pyramid")}
    for timing, containers in (("wander", ["mkv", "mp4", "frag"]), ("pauses", ["mp4", "mkv", "flv", "ts"]),
                               ("changes", ["mp4", "mkv", "live"])):
        add("x264", recorders, containers, timing)
    browsers = {"vp8": VPX["realtime"], "vp9": VP9["realtime"], "vp9alt": VP9["altref"], "av1": AOM["aom"]}
    for timing in FILTERS:
        add("browser", browsers, ["livewebm", "webm", "mkv"], timing)
    add("hevc", {"recorder": "-c:v libx265 -preset ultrafast -tune zerolatency"}, ["mp4", "mkv"], "pauses")
    for name, container in (("mpeg4packed", "avi"), ("mpeg4qpel", "mp4"), ("flashsv", "flv"), ("ffv1", "mkv"), ("utvideo", "avi"),
                            ("prores", "mov"), ("theora", "ogv"), ("qtrle", "mov")):
        cases.append((f"other-{name}-{container}", OTHERS[name].split(), container, None))
    return cases


def run(*arguments, **options):
    subprocess.run([str(a) for a in arguments], check=True, timeout=600, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def source(rate=RATE):
    return ["-f", "lavfi", "-i", f"testsrc2=s={SIZE}:r={rate}:d={SECONDS}"]


def encode(folder, name, options, container, timing):
    file = folder / f"{name}.{SUFFIXES.get(container, container)}"
    if file.exists():
        return
    chain = ["-vf", FILTERS[timing], "-fps_mode", "vfr"] if timing else []
    if timing and container in ("mp4", "frag", "live"):
        chain += ["-video_track_timescale", "90000"]
    pixels = [] if "-pix_fmt" in options or any(c in options for c in ("qtrle", "flashsv2", "prores_ks")) else ["-pix_fmt", "yuv420p"]
    threads = ["-threads", "1"]
    if "libx265" in options:
        threads = []
        quiet = "log-level=none:pools=1:frame-threads=1"
        if "-x265-params" in options:
            at = options.index("-x265-params") + 1
            options = [*options[:at], f"{options[at]}:{quiet}", *options[at + 1:]]
        else:
            options = [*options, "-x265-params", quiet]
    run("ffmpeg", "-v", "error", "-y", *source(), *chain, *pixels, *threads, *options, *FORMS[container], file)


def programs(folder):
    """Files of the encoders' own programs, from one yuv4mpeg stream."""
    y4m = folder / ".source.y4m"
    run("ffmpeg", "-y", *source(), "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", y4m)
    pal = folder / ".pal.y4m"
    # The standards of MPEG-2 want a size of theirs.
    run("ffmpeg", "-y", "-f", "lavfi", "-i", f"testsrc2=s=352x288:r={RATE}:d={SECONDS}", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", pal)
    film = folder / ".film.y4m"
    run("ffmpeg", "-y", "-f", "lavfi", "-i", f"testsrc2=s=352x240:r=24000/1001:d={SECONDS}", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", film)
    made = []

    def step(name, *commands, **options):
        made.append((name, commands, options))

    for setting, flags in (("default", ""), ("open", "--open-gop --keyint 24 --bframes 4"), ("layers", "--temporal-layers --bframes 4"),
                           ("refresh", "--intra-refresh --bframes 0 --keyint 50")):
        file = folder / f"x265program-{setting}.hevc"
        step(file, ["x265", "--log-level", "none", "--preset", "ultrafast", "--pools", "1", "--y4m", *flags.split(), y4m, "-o", file])
    for setting, flags in (("default", ""), ("lowdelay", "--pred-struct 1"), ("overlays", "--enable-overlays 1 --keyint 48"),
                           ("open", "--irefresh-type 1 --keyint 32")):
        file = folder / f"svtprogram-{setting}.ivf"
        step(file, ["SvtAv1EncApp", "-i", y4m, "--preset", "10", "--lp", "1", *flags.split(), "-b", file])
        remuxed = folder / f"svtprogram-{setting}.mkv"
        step(remuxed, ["ffmpeg", "-y", "-i", file, "-c", "copy", remuxed])
    for setting, flags in (("mpeg1", "-f 0 -b 800"), ("mpeg2", "-f 3 -b 800 -R 2"), ("closed", "-f 3 -b 800 -c -g 9 -G 9"),
                           ("nob", "-f 3 -b 800 -R 0"), ("dvd", "-f 8"), ("interlaced", "-f 8 -I 1"), ("fields", "-f 8 -I 2"),
                           ("svcd", "-f 4"), ("vcd", "-f 1"), ("pulldown", "-f 3 -b 1500 -p -n n")):
        stream = folder / f"mjpegtools-{setting}.{'m1v' if setting in ('mpeg1', 'vcd') else 'm2v'}"
        with_input = film if setting == "pulldown" else pal
        step(stream, ["mpeg2enc", "-v", "0", *flags.split(), "-o", stream], stdin=with_input)
        form = {"mpeg1": "0", "vcd": "1", "svcd": "4", "dvd": "8", "interlaced": "8", "fields": "8"}.get(setting, "3")
        program = folder / f"mjpegtools-{setting}.mpg"
        step(program, ["mplex", "-v", "0", "-f", form, "-V", "-o", program, stream])
        transport = folder / f"mjpegtools-{setting}.ts"
        step(transport, ["ffmpeg", "-y", "-fflags", "+genpts", "-i", program, "-c", "copy", "-f", "mpegts", transport])
    for setting, flags in (("avi", "-f a"), ("odml", "-f A"), ("quicktime", "-f q"), ("interlaced", "-f a -I 1")):
        file = folder / f"yuv2lav-{setting}.{'mov' if setting == 'quicktime' else 'avi'}"
        step(file, ["yuv2lav", *flags.split(), "-o", file], stdin=pal)
    for file, commands, options in made:
        if file.exists():
            continue
        for command in commands:
            try:
                if "stdin" in options:
                    with open(options["stdin"], "rb") as stream:
                        run(*command, stdin=stream)
                else:
                    run(*command)
            except (subprocess.SubprocessError, OSError) as e:
                print("not made:", file.name, e)
                file.unlink(missing_ok=True)


def cuts(folder):
    """Files cut without coding them again, and a recording that was never finished."""
    for name in ("x264-pyramid-ts.ts", "x265-opengop-mkv.mkv", "x265-radl-ts.ts", "svt-opengop-mkv.mkv", "svt-overlays-mp4.mp4",
                 "vp9-altref-webm.webm", "x264-intrarefresh-mkv.mkv", "x264-recorder-mp4.mp4"):
        for file in folder.glob(name.replace("-" + name.rsplit("-", 1)[1], "-*")):
            cut = folder / f"cut-{file.name}"
            if not cut.exists():
                run("ffmpeg", "-y", "-ss", "1.7", "-i", file, "-c", "copy", cut)
    for file in [*folder.glob("x264-*-ts.ts"), *folder.glob("x264-recorder-livemkv.mkv"), *folder.glob("x264-*-live.mp4"),
                 *folder.glob("browser-*-livewebm.webm"), *folder.glob("x264-*-flv.flv")]:
        torn = folder / f"torn-{file.name}"
        data = file.read_bytes()
        torn.write_bytes(data[: len(data) * 7 // 10])


def make(folder):
    for case in plan():
        try:
            encode(folder, *case)
        except subprocess.SubprocessError as e:
            print("not made:", case[0], e)
            for file in folder.glob(case[0] + ".*"):
                file.unlink()
    programs(folder)
    cuts(folder)
    for file in folder.glob(".*"):
        file.unlink()
