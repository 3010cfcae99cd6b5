"""Lighthouse's four scores, CLS and LCP of a page, as a telephone and as a desk.

Lighthouse loads the page unthrottled and computes from the trace how it would have gone on a slow line and a slow
processor ("simulate", its default, on which its scores are calibrated). The line is computed and always the same; the
work of the processor is measured, so performance and LCP move with the load of the machine. Run it alone.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from figures.bench.rows import Row
from tests.browser import CHROMIUM

from .npm import LIGHTHOUSE

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORMS: dict[str, tuple[str, ...]] = {"mobile": (), "desktop": ("--preset=desktop",)}  # mobile is Lighthouse's default
LONGEST_LCP = 1.1  # seconds, as a telephone; a desk has no goal of its own


@dataclass(frozen=True)
class Report:
    """One run.

    Attributes:
        scores: of each category, 0 to 100.
        cls: cumulative layout shift, without unit.
        lcp: largest contentful paint, in seconds.
        lost: by category, the audits that cost points, with what Lighthouse says of each.
    """

    scores: dict[str, int]
    cls: float
    lcp: float
    lost: dict[str, str]


def run(url: str, form: str) -> Report:
    """Run Lighthouse once; RuntimeError with its own words where it could not load the page."""
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    done = subprocess.run(
        [
            *("node", str(LIGHTHOUSE), url, "--quiet", "--output=json", *FORMS[form]),
            *(f"--only-categories={','.join(CATEGORIES)}", "--throttling-method=simulate"),
            *("--no-enable-error-reporting", f"--chrome-flags={flags}"),
        ],
        env={**os.environ, "CHROME_PATH": str(CHROMIUM)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Lighthouse が {url} を測れませんでした。{done.stderr.strip()[-500:]}")
    return read(json.loads(done.stdout))


def read(report: dict[str, Any]) -> Report:
    """What of Lighthouse's JSON is of use here. RuntimeError: it had no page to judge.

    Source: lighthouse 12.8.2, types/lhr/lhr.d.ts.
    """
    if "runtimeError" in report:
        raise RuntimeError(f"{report['requestedUrl']}: {report['runtimeError']['message']}")
    audits = report["audits"]
    return Report(
        # A category whose audits could not all be computed has no score, which is no point.
        scores={name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES},
        cls=audits["cumulative-layout-shift"]["numericValue"],
        lcp=audits["largest-contentful-paint"]["numericValue"] / 1000,
        lost={name: _lost(report["categories"][name], audits) for name in CATEGORIES},
    )


def rows(name: str, form: str, reports: Sequence[Report]) -> list[Row]:
    """What takes time: median of the runs, all else: the worst; beside it, what cost points in the last."""
    found = []
    for category in CATEGORIES:
        scores = [report.scores[category] for report in reports]
        value = median(scores) if category == "performance" else min(scores)
        said = reports[-1].lost[category]
        found.append(Row(f"{name}.{form}.{category}", f"Lighthouse {category}", value, 100, ours=said))
    shift = max(report.cls for report in reports)
    found.append(Row(f"{name}.{form}.cls", "CLS", shift, 0, at_most=True))
    if form == "mobile":
        paint = median(report.lcp for report in reports)
        found.append(Row(f"{name}.{form}.lcp", "LCP（秒）", paint, LONGEST_LCP, at_most=True))
    return found


def _lost(category: dict[str, Any], audits: dict[str, Any]) -> str:
    """The audits that weigh something, were applicable, and are not perfect."""
    counted = [audits[reference["id"]] for reference in category["auditRefs"] if reference["weight"]]
    missed = [audit for audit in counted if audit["score"] is not None and audit["score"] < 1]
    return "、".join(" ".join(filter(None, (audit["id"], audit.get("displayValue")))) for audit in missed)
