"""Reads Prometheus text from standard input with prometheus-client's parser; prints its families as JSON."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

families = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    if not family.documentation:
        sys.exit(f"{family.name} has no HELP")
    if family.type not in ("counter", "gauge", "histogram", "summary", "info"):
        sys.exit(f"{family.name} has the TYPE {family.type}")
    families[family.name] = {"type": family.type, "samples": len(family.samples)}
print(json.dumps(families))
