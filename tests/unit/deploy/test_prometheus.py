"""The example files for Prometheus are sound, and name only numbers and words that Tolmach tells."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from structure.described import error_rows
from structure.tree import ROOT

from indexer.pipeline.stages.registry import LAST, STAGES
from indexer.pipeline.worker import DONE, FAILED, PUT_OFF
from services.measuring.metrics import Metrics, Standing

FOLDER = ROOT / "deploy" / "prometheus"
SCRAPE: dict[str, Any] = yaml.safe_load((FOLDER / "scrape.yml").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
STAGE_NAMES = {stage.name for stage in (*STAGES.values(), *LAST)}


def told() -> set[str]:
    """The names of all series that Tolmach tells."""
    registry = CollectorRegistry()
    meter = Metrics(registry)
    registry.register(Standing(lambda: {"extract": 0}))
    meter.answered("/search", "GET", 200, 1)
    meter.refused("internal")
    meter.called("engine", "search", 1)
    meter.worked("extract", DONE, 1)
    return {sample.name for metric in registry.collect() for sample in metric.samples}


def labels_of(rule: dict[str, Any], name: str) -> set[str]:
    """The values that a rule names of a label."""
    texts = re.findall(rf'{name}=~?"([^"]*)"', rule["expr"])
    return {value for text in texts for value in text.split("|")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_goes_by_what_there_is(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "annotations"} and rule["annotations"]["summary"]
    assert rule["expr"].count("(") == rule["expr"].count(")")
    named = set(re.findall(r"\btolmach_\w+", rule["expr"]))
    assert named <= told()
    assert named or rule["expr"].startswith('up{job="tolmach"}')
    assert labels_of(rule, "code") <= {row.split("`")[1] for row in error_rows()} | {"internal"}
    assert labels_of(rule, "stage") <= STAGE_NAMES
    assert labels_of(rule, "outcome") <= {DONE, FAILED, PUT_OFF}
    assert labels_of(rule, "route") <= {"/search"}


def test_the_scrape_file_names_the_rules_and_loopback_alone() -> None:
    assert [(FOLDER / name).is_file() for name in SCRAPE["rule_files"]] == [True]
    (job,) = SCRAPE["scrape_configs"]
    assert job["job_name"] == "tolmach"
    targets = [target for each in job["static_configs"] for target in each["targets"]]
    assert targets and all(target.startswith("127.0.0.1:") for target in targets)
