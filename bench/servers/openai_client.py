"""Checks a running `videotg serve` with OpenAI's Python package: models, chat, n, seed, streaming, stop, log-probabilities
and errors. Usage: openai_client.py URL VIDEO [KEY]; URL ends in /v1. Prints a line for each check; exits with 1 if one
fails."""

import base64
import pathlib
import sys

import openai

url, video = sys.argv[1], pathlib.Path(sys.argv[2])
key = sys.argv[3] if len(sys.argv) > 3 else "none"
client = openai.OpenAI(base_url=url, api_key=key, max_retries=0)
address = "data:video/mp4;base64," + base64.b64encode(video.read_bytes()).decode()
failed = []


def check(name, condition, seen=""):
    print(("ok    " if condition else "FAILED ") + name, seen if not condition else "")
    if not condition:
        failed.append(name)


def messages(where=address):
    return [{"role": "user", "content": [
        {"type": "text", "text": "Query: the red square blinks\n"},
        {"type": "video_url", "video_url": {"url": where}},
        {"type": "text", "text": "When? Answer: start to end"}]}]


def ask(**options):
    where = options.pop("where", address)
    extension = options.pop("videotg", {"name": video.name})
    return client.chat.completions.create(
        model=model, messages=messages(where), extra_body={"videotg": extension}, **options)


def texts(answer):
    return [choice.message.content for choice in answer.choices]


def refused(error, status, **options):
    try:
        ask(**options)
        return False
    except error as e:
        return e.status_code == status and isinstance(e.body, dict) and bool(e.body.get("message"))


models = client.models.list().data
model = models[0].id
check("models", len(models) == 1 and models[0].owned_by == "videotg", models)

greedy = ask(max_tokens=48)
check("chat", bool(texts(greedy)[0]) and greedy.choices[0].finish_reason in ("stop", "length"), greedy)
check("usage", greedy.usage.total_tokens == greedy.usage.prompt_tokens + greedy.usage.completion_tokens, greedy.usage)
check("greedy replies repeat", texts(ask(max_tokens=48)) == texts(greedy))

four = ask(n=4, temperature=1, seed=11, max_tokens=48)
check("n", len(four.choices) == 4 and [c.index for c in four.choices] == [0, 1, 2, 3], four)
check("seed", texts(ask(n=4, temperature=1, seed=11, max_tokens=48)) == texts(four))
check("another seed", texts(ask(n=4, temperature=1, seed=12, max_tokens=48)) != texts(four))

grown = {}
ends = {}
usage = None
for chunk in ask(n=4, temperature=1, seed=11, max_tokens=48, stream=True, stream_options={"include_usage": True}):
    usage = chunk.usage or usage
    for choice in chunk.choices:
        grown[choice.index] = grown.get(choice.index, "") + (choice.delta.content or "")
        ends[choice.index] = choice.finish_reason or ends.get(choice.index)
check("streaming", [grown[i] for i in range(4)] == texts(four), grown)
check("ends of a stream", [ends[i] for i in range(4)] == [c.finish_reason for c in four.choices], ends)
check("usage of a stream", usage == four.usage, usage)

part = texts(greedy)[0][1:3]
check("stop", texts(ask(stop=part, max_tokens=48))[0] == texts(greedy)[0].split(part)[0])
told = ask(logprobs=True, top_logprobs=3, max_tokens=8).choices[0].logprobs.content
check("log-probabilities", all(len(t.top_logprobs) == 3 and t.top_logprobs[0].logprob == t.logprob for t in told), told)
check("length", ask(max_tokens=1).choices[0].finish_reason == "length")
check("mask", ask(videotg={"mask": {"mode": "drop", "grids": [0]}}).usage.prompt_tokens < greedy.usage.prompt_tokens)

try:
    client.chat.completions.create(model="gpt-4o", messages=messages())
    check("another model is not found", False)
except openai.NotFoundError as e:
    check("another model is not found", e.code == "model_not_found", e)
check("a path without a root, or no file", refused(openai.NotFoundError, 404, where="no-such-file.mp4"))
check("no video", refused(openai.BadRequestError, 400, where="data:video/mp4;base64,AAAA"))
check("a host that is not allowed", refused(openai.BadRequestError, 400, where="http://example.org/a.mp4"))
check("too many tokens", refused(openai.BadRequestError, 400, max_tokens=10**9))
check("a negative temperature", refused(openai.BadRequestError, 400, temperature=-1))
if key != "none":
    try:
        openai.OpenAI(base_url=url, api_key="wrong", max_retries=0).models.list()
        check("a wrong key", False)
    except openai.AuthenticationError as e:
        check("a wrong key", e.status_code == 401)

print(f"openai {openai.__version__}: {len(failed)} failed")
sys.exit(1 if failed else 0)
