"""A merchant's whole day through the real processes, between both simulators."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_LONGEST = 540


@pytest.mark.waits
def test_after_a_day_both_sides_tell_the_same_story(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "saleor_amazon_app", "demo", "--once", "--json"]
    wish = ["--orders", "200", "--seed", "7", "--scenario", "day", "--data", str(tmp_path)]
    done = subprocess.run(
        [*command, *wish],
        check=False,
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    told = json.loads(done.stdout)
    assert (told["duplicates"], told["total_mismatches"], told["failed"]) == (0, 0, 0)
    assert told["disagreements"] == 0, told["differences"]
    for kind, least in (("shipments", 60), ("cancellations", 20), ("refunds", 30)):
        counts = told[kind]
        assert counts["asked"] >= least, kind
        assert counts["needs_attention"] == 0, kind
        assert counts["accepted"] + counts["rejected"] == counts["asked"], kind
    assert told["shipments"]["rejected"] == told["cancellations"]["rejected"] == 0
    assert told["refunds"]["rejected"] > 0
