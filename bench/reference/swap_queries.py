"""Gives every sample a query of another sample, so that (nearly always) it does not hold: swap_queries.py SAMPLES OUT

The annotated interval stays: a model that answers from the video or the prior alone keeps its score.
"""

import json
import sys


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    queries = [row["query"] for row in rows]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            step = 1
            while queries[(number + step) % len(queries)] == queries[number] and step < len(queries):
                step += 1
            row["query"] = queries[(number + step) % len(queries)]
            file.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
