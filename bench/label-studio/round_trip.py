"""Samples to Label Studio and decisions back: round_trip.py VIDEOTG FOLDER URL TOKEN."""

import copy
import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

videotg, folder, url, token = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
world = (folder / "world").resolve()
samples = [json.loads(line) for line in (world / "train.jsonl").read_text().splitlines()]


def ask(method, path, body=None):
    request = urllib.request.Request(url + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", "Token " + token)
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        raise SystemExit(f"{method} {path}: {e.code} {e.read().decode()[:500]}") from e


def review(*options):
    files = ["--data", world / "train.jsonl", "--reflections", folder / "reflections.jsonl"]
    command = [videotg, "review", *files, "--decisions", folder / "decisions.jsonl", *options]
    print(subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout.strip())


def ranges(result):
    return [(r["start"], r["end"]) for one in result for r in one["value"].get("ranges", [])]


(folder / "decisions.jsonl").unlink(missing_ok=True)
reflected = {sample["id"]: [[sample["duration"] - 4, sample["duration"] - 1.3]] for sample in samples}
(folder / "reflections.jsonl").write_text(
    "".join(json.dumps({"id": id, "spans": spans, "partial": True}) + "\n" for id, spans in reflected.items()))
review("--to-label-studio", folder / "tasks.json")
tasks = json.loads((folder / "tasks.json").read_text())
assert len(tasks) == len(samples)

for attempt in range(240):
    try:
        ask("GET", "/api/projects")
        break
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.5)
config = (folder / "tasks.xml").read_text()
project = ask("POST", "/api/projects", {"title": "moments", "label_config": config})["id"]
ask("POST", "/api/storages/localfiles", {"project": project, "path": str(world / "videos"), "use_blob_urls": True})
ask("POST", f"/api/projects/{project}/import", tasks)
there = ask("GET", f"/api/tasks?project={project}&fields=all&page_size=100")["tasks"]
assert len(there) == len(tasks)
by_id = {task["data"]["id"]: task for task in there}
for task in tasks:
    stored = ask("GET", f"/api/tasks/{by_id[task['data']['id']]['id']}")
    assert stored["data"] == task["data"]
    given = {prediction["model_version"]: ranges(prediction["result"]) for prediction in task["predictions"]}
    assert given == {prediction["model_version"]: ranges(prediction["result"]) for prediction in stored["predictions"]}


def choice(value):
    return {"id": "c1", "type": "choices", "from_name": "decision", "to_name": "video", "value": {"choices": [value]}}


expected = {}
passed_over = 0
for i, task in enumerate(tasks):
    id, fps, frames = task["data"]["id"], task["data"]["fps"], task["data"]["frames"]
    annotation, both = (copy.deepcopy(prediction["result"]) for prediction in task["predictions"])
    annotated = next(sample for sample in samples if sample["id"] == id)["intervals"]
    if i % 5 == 0:
        result, expected[id] = annotation, ("keep", None)
    elif i % 5 == 1:
        result, expected[id] = both, ("repair", sorted(annotated + reflected[id]))
    elif i % 5 == 2:
        moved = annotation[0]["value"]["ranges"][0]
        by = 1 if moved["end"] + 1 < frames else -1
        moved["end"] += by
        moments = copy.deepcopy(annotated)
        moments[0][1] = round((moved["end"] - 1) / fps, 4)
        result, expected[id] = annotation, ("repair", sorted(moments))
    elif i % 5 == 3:
        result, expected[id] = [choice("discard")], ("discard", None)
    else:
        torn = annotation[0]
        del torn["value"]["ranges"]
        passed_over += 1
        result, expected[id] = [torn, choice("unsure")], ("unsure", None)
    ask("POST", f"/api/tasks/{by_id[id]['id']}/annotations", {"result": result})

export = ask("GET", f"/api/projects/{project}/export?exportType=JSON")
(folder / "export.json").write_text(json.dumps(export))
review("--from-label-studio", folder / "export.json")
review("--from-label-studio", folder / "export.json")
decisions = [json.loads(line) for line in (folder / "decisions.jsonl").read_text().splitlines()]
assert {row["id"]: (row["decision"], row.get("intervals")) for row in decisions} == expected, decisions
assert {row["reviewer"] for row in decisions} == {"label-studio 1"}, decisions[0]
print(f"{len(decisions)} decisions are those that were taken; {passed_over} regions without frames")

if shutil.which("chromium") and shutil.which("chromedriver"):
    from selenium import webdriver
    from selenium.webdriver.common.by import By

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1600,1200"):
        options.add_argument(argument)
    browser = webdriver.Chrome(
        options=options, service=webdriver.chrome.service.Service(shutil.which("chromedriver")))
    browser.implicitly_wait(30)
    try:
        browser.get(url + "/user/login/")
        browser.find_element(By.NAME, "email").send_keys("reviewer@example.org")
        browser.find_element(By.NAME, "password").send_keys(token)
        browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        time.sleep(3)
        first = tasks[0]
        browser.get(f"{url}/projects/{project}/data?task={by_id[first['data']['id']]['id']}")
        start, _ = ranges(first["predictions"][0]["result"])[0]
        for attempt in range(60):
            time.sleep(0.5)
            if browser.execute_script("const v = document.querySelector('video'); return v && v.readyState > 3"):
                break
        browser.find_element(By.CSS_SELECTOR, ".lsf-outliner-item, .lsf-outliner-item__title").click()
        time.sleep(2)
        shown = browser.execute_script("return document.querySelector('video').currentTime")
        frame = round(shown * first["data"]["fps"]) + 1
        browser.save_screenshot(str(folder / "editor.png"))
        print(f"the region's first frame {start} is shown at {shown:.3f} s, frame {frame} counted from 1")
        assert frame == start
    finally:
        browser.quit()
