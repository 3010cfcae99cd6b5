"""The two npm packages that measure: Lighthouse and axe-core, pinned in package.json beside this."""

from __future__ import annotations

from pathlib import Path

MODULES = Path(__file__).parent / "node_modules"
LIGHTHOUSE = MODULES / "lighthouse/cli/index.js"
AXE = MODULES / "axe-core/axe.min.js"
INSTALL = "npm ci --prefix tests/page"
