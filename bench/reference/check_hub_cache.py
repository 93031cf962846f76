"""Checks that videotg and huggingface_hub share one cache, both ways: python check_hub_cache.py MODEL_DIR

Serves MODEL_DIR on loopback as a hub would (safetensors as large files, by their SHA-256), lets `bench/run ResolveModel` and
`huggingface_hub.snapshot_download` each fill an empty cache, and lets the other one use it offline. Exit status 1 if anything is downloaded
twice, missing or different.
"""

import argparse
import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

NAME, COMMIT = "maker/small-model", "0123456789abcdef0123456789abcdef01234567"
HOME = pathlib.Path(__file__).resolve().parents[2]


def git_sha1(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files, gets, store = {}, [], None

    def log_message(self, *_):
        pass

    def reply(self, status, content, headers):
        self.send_response(status)
        for name, value in {"X-Repo-Commit": COMMIT, "Content-Length": len(content), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def do_GET(self):
        path = self.path.split("?")[0]
        if self.command == "GET":
            self.gets.append(path)
        if path in (f"/api/models/{NAME}/revision/{r}" for r in ("main", COMMIT)):
            siblings = [{"rfilename": name} for name in self.files]
            return self.reply(200, json.dumps({"id": NAME, "sha": COMMIT, "siblings": siblings}).encode(), {})
        if path == f"/api/models/{NAME}/tree/{COMMIT}":
            tree = [{"type": "file", "path": name, "size": len(content), "oid": git_sha1(content)}
                    for name, content in self.files.items()]
            return self.reply(200, json.dumps(tree).encode(), {"Content-Type": "application/json"})
        if path.startswith("/store/"):
            return self.reply(200, self.files[path.removeprefix("/store/")], {})
        name = path.removeprefix(f"/{NAME}/resolve/").split("/", 1)[-1]
        if name not in self.files:
            return self.reply(404, b"", {"X-Error-Code": "EntryNotFound"})
        content = self.files[name]
        if name.endswith(".safetensors"):
            return self.reply(302, b"", {"X-Linked-Size": len(content), "Location": f"{self.store}/store/{name}", "ETag": '"other"',
                                         "X-Linked-Etag": f'"{hashlib.sha256(content).hexdigest()}"'})
        return self.reply(200, content, {"ETag": f'"{git_sha1(content)}"'})

    do_HEAD = do_GET


def run(command, **variables):
    """Standard output of a command under these environment variables."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
    done = subprocess.run(command, env={**clean, **variables}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def python_snapshot(**variables):
    code = ("import huggingface_hub as h; "
            f"print(h.snapshot_download('{NAME}', allow_patterns=['*.json', '*.jinja', '*.safetensors'])); "
            "w = h.scan_cache_dir().warnings; assert not w, w")
    return pathlib.Path(run([sys.executable, "-c", code], **variables).splitlines()[-1])


def java_snapshot(**variables):
    return pathlib.Path(run([HOME / "bench/run", "ResolveModel", NAME], **variables).splitlines()[-1])


def check(fact, what):
    print(("ok    " if fact else "WRONG ") + what)
    return fact


def one_way(endpoint, fill, use, names):
    """One program fills an empty cache, the other takes everything from it, offline and online."""
    with tempfile.TemporaryDirectory() as home:
        variables = {"HF_HOME": home, "HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_XET": "1"}
        Hub.gets.clear()
        folder = fill(**variables)
        whole = {f.name: f.read_bytes() for f in folder.iterdir()} == Hub.files
        fetched = sorted({path.rsplit("/", 1)[-1] for path in Hub.gets if not path.startswith("/api")})
        results = [check(whole, f"{names[0]} downloads every file"),
                   check(folder.is_relative_to(pathlib.Path(home, "hub")), f"{names[0]} downloads into HF_HOME")]
        Hub.gets.clear()
        results.append(check(use(**variables, HF_HUB_OFFLINE="1") == folder and not Hub.gets,
                             f"{names[1]} takes the same folder, offline"))
        results.append(check(use(**variables) == folder and all(path.startswith("/api") for path in Hub.gets),
                             f"{names[1]} takes the same folder, online, and downloads no file"))
        print(f"      {names[0]} fetched {', '.join(fetched)}")
        return all(results)


def main():
    parser = argparse.ArgumentParser(description="Checks that videotg and huggingface_hub share one cache.")
    parser.add_argument("model_dir", type=pathlib.Path)
    folder = parser.parse_args().model_dir
    Hub.files = {f.name: f.read_bytes() for f in sorted(folder.iterdir())}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    # Another name for the same server stands for the other host that large files come from.
    Hub.store = f"http://localhost:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    good = [one_way(endpoint, java_snapshot, python_snapshot, ("videotg", "huggingface_hub")),
            one_way(endpoint, python_snapshot, java_snapshot, ("huggingface_hub", "videotg"))]
    server.shutdown()
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
