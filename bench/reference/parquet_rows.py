"""Writes the Parquet files of benchmarks/src/test/resources/parquet with pyarrow, and rows.jsonl with the same rows.

    python bench/reference/parquet_rows.py
"""

import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

OUT = pathlib.Path(__file__).parents[2] / "benchmarks/src/test/resources/parquet"

ROWS = [
    {
        "video_path": "d/a.mp4",
        "duration": 9.5,
        "query": "a dog runs",
        "span": [[1.0, 2.5], [3.0, 4.0]],
        "rollouts": ["[[1, 2.5]]", "no"],
        "meta": {"n": 1, "tags": ["x", None], "ok": True},
        "score": 0.1,
    },
    {
        "video_path": "d/b.mp4",
        "duration": None,
        "query": "caf\u00e9 \U0001f600",
        "span": [[0.5, 1.0]],
        "rollouts": [],
        "meta": None,
        "score": None,
    },
]


def table():
    return pa.table(
        {
            "video_path": [row["video_path"] for row in ROWS],
            "duration": pa.array([row["duration"] for row in ROWS], pa.float64()),
            "query": [row["query"] for row in ROWS],
            "span": [row["span"] for row in ROWS],
            "rollouts": pa.array([row["rollouts"] for row in ROWS], pa.list_(pa.string())),
            "meta": [row["meta"] for row in ROWS],
            "score": pa.array([row["score"] for row in ROWS], pa.float32()),
            # Not read: bytes as data sets with embedded videos have them, and maps.
            "bytes": [b"\x00\x01", None],
            "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
        }
    )


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for codec in ("none", "snappy", "zstd", "gzip", "lz4", "brotli"):
        pq.write_table(table(), OUT / f"{codec}.parquet", compression=codec)
    pq.write_table(table(), OUT / "pages2.parquet", compression="snappy", data_page_version="2.0", row_group_size=1)
    deep = [1.0]
    for _ in range(12):
        deep = [deep]
    pq.write_table(pa.table({"deep": [deep]}), OUT / "deep.parquet")
    # Two million values in one row, in a few hundred bytes.
    pq.write_table(pa.table({"span": pa.array([[1.0] * 2_000_000])}), OUT / "long.parquet", compression="zstd")
    with open(OUT / "rows.jsonl", "w", encoding="utf-8") as out:
        for row in ROWS:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


main()
