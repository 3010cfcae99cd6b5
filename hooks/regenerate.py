"""Bring all experiments up to date before anything is read, cited or not, and hand their results to the other hooks.

In ``on_config``, because it is the only event before MkDocs empties the folder of the site, and because the citation
extension needs the results before the first page is parsed.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from figures import progress, runner
from figures.errors import ExperimentsFailed, FiguresError
from figures.runner import Run
from hooks.report import citing

log = logging.getLogger("mkdocs.hooks.regenerate")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Run what is stale; rewrite changed records and name them, or stop where nobody looks (CI)."""
    root = Path(config.config_file_path).parent
    try:
        with progress.shown(log.info) as display:
            results = runner.update(root, progress=display)
        changes = runner.compare_records(root, results)
        if changes and unattended():
            raise PluginError(
                "記録と違う結果が出ました。手元でビルドして、figures/records/ の差をコミットしてください。\n"
                + "\n".join(changes)
            )
        runner.write_records(root, results)
    except ExperimentsFailed as error:
        raise PluginError("\n".join(_with_articles(config, error))) from None
    except FiguresError as error:
        raise PluginError(str(error)) from None
    except KeyboardInterrupt:
        raise PluginError("止めました。途中のファイルは残していません。") from None
    for line in changes:
        log.info("記録を書きかえました: %s", line)
    config.extra["runs"] = results
    return config


def runs(config: MkDocsConfig) -> dict[str, Run]:
    """The results of this build."""
    found: dict[str, Run] = config.extra["runs"]
    return found


def unattended() -> bool:
    """Whether this is CI: a record that differs then stops the build."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def _with_articles(config: MkDocsConfig, error: ExperimentsFailed) -> list[str]:
    """Each failure with the places in articles that cite what failed."""
    lines = []
    for failure in error.failures:
        places = citing(Path(config.config_file_path).parent, failure.experiment, failure.result)
        cited = "、".join(places) if places else "まだありません"
        lines.append(f"{failure}\n    引用している記事: {cited}")
    return lines
