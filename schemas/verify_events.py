#!/usr/bin/env python3
"""Verifies an exported log of events (events.md): verify_events.py FILE [NUMBER HASH]"""
import hashlib
import json
import sys


def verify(path, noted):
    seq, prev = 0, ""
    for line in open(path, "rb"):
        line, seq = line.rstrip(b"\n"), seq + 1
        event = json.loads(line)
        if event["seq"] != seq:
            return f"event {seq}: event {event['seq']} stands in its place"
        if event["prev"] != prev:
            return f"event {seq}: it does not bear the hash of the one before"
        prev, end = event["hash"], b'"hash":"%s"}' % event["hash"].encode()
        if not event.get("withheld"):
            if not line.endswith(end) or hashlib.sha256(line[: -len(end)] + b'"hash":""}').hexdigest() != prev:
                return f"event {seq}: its contents are not what its hash says"
        if noted.pop(seq, prev) != prev:
            return f"event {seq}: the noted hash is another"
    for missing in noted:
        return f"the log ends at event {seq}, and event {missing} was noted"
    print(seq, prev)


if __name__ == "__main__":
    sys.exit(verify(sys.argv[1], dict([(int(sys.argv[2]), sys.argv[3])] if len(sys.argv) > 3 else [])))
