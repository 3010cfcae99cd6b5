"""Each receipt as a Dataset: read back from the page, and compared with the record."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Site
from test_receipts import HOSTILE, commit, experiment

from figures import record
from figures.results import Number
from hooks.dataset import variable

ADDRESS = "https://example.invalid/blog/"
# What schema.org has for each type; a misspelled property is no error anywhere, and is read by nobody.
KNOWN = {
    "Dataset": (
        "name description identifier url inLanguage license isAccessibleForFree creator variableMeasured distribution"
        " dateModified version"
    ),
    "Person": "name url",
    "PropertyValue": "propertyID name value unitText description",
    "DataDownload": "encodingFormat contentUrl",
}


def described(site: Site, name: str = "toy") -> dict[str, Any]:
    [text] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', site.html(f"receipts/{name}/index.html"), re.DOTALL
    )
    found: dict[str, Any] = json.loads(text)
    return found


def things(value: Any) -> list[dict[str, Any]]:
    """Everything in it that has a type."""
    if isinstance(value, list):
        return [thing for item in value for thing in things(item)]
    if isinstance(value, dict):
        return [value, *(thing for item in value.values() for thing in things(item))]
    return []


def test_it_says_what_the_record_says(site: Site) -> None:
    sha = commit(site.root, "Measure")
    site.good(SITE_URL=ADDRESS)
    found = described(site)
    results = record.from_json((site.root / "figures/records/toy.json").read_text(encoding="utf-8")).results
    numbers = {name: result for name, result in results.items() if isinstance(result, Number)}
    variables = {variable["propertyID"]: variable for variable in found["variableMeasured"]}
    assert {name: (v["name"], v["value"], v["unitText"]) for name, v in variables.items()} == {
        name: (number.about, number.value, number.unit) for name, number in numbers.items()
    }
    assert variables["mean"]["description"] == "26.0個（平均、標準誤差±1.4、n=5）"
    assert variables["exact"]["description"] == "10人（一つに決まる値）"
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Dataset")
    assert (found["name"], found["inLanguage"], found["isAccessibleForFree"]) == ("おもちゃの実験。", "ja", True)
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["creator"] == [{"@type": "Person", "name": "高岡智則", "url": f"{ADDRESS}about/"}]
    assert found["version"] == sha
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["dateModified"])
    assert found["url"] == f"{ADDRESS}receipts/toy/"
    assert len(found["description"]) >= 50  # fewer characters are no description to Google's search of data


def test_its_downloads_are_there(site: Site) -> None:
    site.good(SITE_URL=ADDRESS)
    downloads = {item["encodingFormat"]: item["contentUrl"] for item in described(site)["distribution"]}
    assert set(downloads) == {"text/csv", "application/json"}
    for kind, address in downloads.items():
        file = site.root / "site" / address.removeprefix(ADDRESS)
        assert file.is_file()
        assert file.suffix == "." + kind.partition("/")[2]
    page = site.html("receipts/toy/index.html")
    assert '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/deed.ja">CC BY 4.0</a>' in page


def test_a_changed_number_changes_it_and_belongs_to_no_commit(site: Site) -> None:
    commit(site.root, "Measure")
    site.good()
    commit(site.root, "Record")
    site.good()
    before = described(site)
    assert {"version", "dateModified"} <= set(before)
    site.edit("figures/data/base.txt", "1.0", "1.5")
    site.good()
    after = described(site)
    changed = {v["propertyID"]: v["value"] for v in after["variableMeasured"]}
    assert changed == {v["propertyID"]: v["value"] + (v["propertyID"] == "mean") for v in before["variableMeasured"]}
    assert not {"version", "dateModified"} & set(after)


def test_every_property_is_one_of_schema_org(site: Site) -> None:
    commit(site.root, "Measure")
    site.good()
    found = things(described(site))
    assert {thing["@type"] for thing in found} == set(KNOWN)
    for thing in found:
        assert set(thing) - {"@type", "@context"} <= set(KNOWN[thing["@type"]].split())


@pytest.mark.parametrize(
    ("number", "value", "unit", "words"),
    [
        (Number([0.87, 0.88], "%"), 87.5, "%", "87.5%（平均、標準誤差±0.5、n=2）"),
        (Number(-0.25, "ポイント", digits=0), -25, "ポイント", "−25ポイント（一つに決まる値）"),
        (Number([1, 3]), 2, None, "2.0（平均、標準誤差±1.0、n=2）"),
    ],
)
def test_a_value_and_its_unit_are_true_together(number: Number, value: float, unit: str | None, words: str) -> None:
    found = variable("x", number)
    assert (found["value"], found.get("unitText"), found["description"]) == (value, unit, words)
    assert found["name"] == "x"  # it has no words of its own


def test_no_word_of_an_experiment_ends_the_element(site: Site) -> None:
    body = f'{{"x": Number([1, 2, 3, 4], "<!-- " + {HOSTILE!r}, {HOSTILE!r})}}'
    text = HOSTILE.replace("\\", "\\\\")
    site.write("figures/experiments/hostile.py", experiment(body, f'"""{text}\n\nデータ: {text} \n"""'))
    site.good()
    found = described(site, "hostile")
    assert found["name"] == HOSTILE
    assert [(v["name"], v["unitText"]) for v in found["variableMeasured"]] == [(HOSTILE, "<!-- " + HOSTILE)]
    raw = site.html("receipts/hostile/index.html").partition("application/ld+json")[2].partition("</script>")[0]
    assert "<" not in raw


def test_only_receipts_are_data(site: Site) -> None:
    site.good()
    for path in ("index.html", "receipts/index.html", "404.html"):
        assert "ld+json" not in site.html(path)
    assert Path(site.root, "site/receipts/toy/index.html").is_file()
