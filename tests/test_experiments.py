"""Over all experiments there are, naming none: what is published is what they give, and every claim can fail."""

from __future__ import annotations

import importlib

import pytest
from conftest import PROJECT

from figures import runner
from figures.results import Claim

NAMES = runner.experiments(PROJECT)


def test_there_are_experiments() -> None:
    assert NAMES


def test_the_records_are_what_the_experiments_give() -> None:
    assert runner.compare_records(PROJECT, runner.update(PROJECT)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_falsifier_falsifies(name: str) -> None:
    experiment = importlib.import_module(f"figures.experiments.{name}")
    seeds = list(experiment.SEEDS)
    claims = {key for key, result in experiment.run(seeds).items() if isinstance(result, Claim)}
    broken = experiment.falsify(seeds) if claims else {}
    assert set(broken) == claims
    assert [key for key, claim in broken.items() if claim.true] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_uses_enough_seeds(name: str) -> None:
    assert len(importlib.import_module(f"figures.experiments.{name}").SEEDS) >= 20
