"""Loads parts of a published evaluator from its checkout, so that they run without their models and libraries."""

import ast
import contextlib
import importlib
import io
import json
import os
import runpy
import sys
import tempfile
import types
from pathlib import Path


def functions(path, names, given):
    """The named functions of a source file, compiled as they stand, over the given globals instead of the file's imports."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
    if len(found) != len(set(names)):
        raise SystemExit(f"{path} lacks one of {names}; check out the commit that the README names")
    scope = dict(given)
    exec(compile(ast.Module(found, []), str(path), "exec"), scope)
    return types.SimpleNamespace(**{name: scope[name] for name in names})


def statements(path, first, last):
    """The consecutive statements of a source file, at any depth, from the one that starts with `first` to the one with `last`."""
    source = Path(path).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        for body in (getattr(node, "body", []), getattr(node, "orelse", [])):
            texts = [ast.get_source_segment(source, one) for one in body] if isinstance(body, list) else []
            starts = [i for i, text in enumerate(texts) if text and text.startswith(first)]
            ends = [i for i, text in enumerate(texts) if text and text.startswith(last)]
            if starts and ends and starts[0] <= ends[0]:
                return compile(ast.Module(body[starts[0]:ends[0] + 1], []), str(path), "exec")
    raise SystemExit(f"{path} has no statements from {first!r} to {last!r}; check out the commit that the README names")


def script(path, *arguments, roots=()):
    """What a script prints when it runs with these arguments, in a folder of its own."""
    argv, sys.argv = sys.argv, [str(path), *map(str, arguments)]
    sys.path[:0] = [str(root) for root in roots]
    try:
        with folder(), printed() as out:
            runpy.run_path(str(path), run_name="__main__")
        return out.getvalue()
    finally:
        sys.argv = argv
        del sys.path[:len(roots)]


def package(code, name):
    """A module of a checkout whose packages are named as those of another."""
    for loaded in [module for module in sys.modules if module.split(".")[0] == name.split(".")[0]]:
        del sys.modules[loaded]
    sys.path.insert(0, str(code))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(code))


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@contextlib.contextmanager
def folder():
    """A temporary working directory."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)


@contextlib.contextmanager
def printed():
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        yield out
