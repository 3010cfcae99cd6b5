"""Figures in a real browser: every figure of the site and every kind of plot, in both themes, from phone to desk."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from browser import needs_browser
from conftest import PROJECT
from kinds import kinds
from playwright.sync_api import Browser, Page

from figures import plot
from figures.strokes import COLOURS, METHODS, SERIES

WIDTHS = [340, 390, 1280]
STYLE = (PROJECT / "docs/assets/extra.css").read_text(encoding="utf-8")

# Of each text what it occupies: its own width, and the height of its characters, which do not fill the line.
MEASURE = """root => [...document.querySelectorAll(root)].map(svg => {
    const frame = svg.getBoundingClientRect(), scale = svg.getScreenCTM().a;
    return {frame: [frame.left, frame.right, frame.top, frame.bottom],
        texts: [...svg.querySelectorAll('text')].filter(t => t.textContent.trim() && t.checkVisibility()).map(t => {
            const box = t.getBoundingClientRect(), size = parseFloat(getComputedStyle(t).fontSize) * scale;
            const baseline = t.getStartPositionOfChar(0).matrixTransform(t.getScreenCTM()).y;
            return {text: t.textContent, size,
                box: [box.left, box.right, baseline - 0.85 * size, baseline + 0.12 * size]};
        })};
})"""


@pytest.fixture(scope="module")
def drawn() -> dict[str, dict[str, str]]:
    return {name: plot.render(f"kinds-{name}", draw, panels)[0] for name, (draw, panels) in kinds().items()}


@pytest.fixture(scope="module")
def articles(built: Path) -> list[str]:
    found = [
        file.parent.relative_to(built).as_posix() + "/"
        for file in sorted(built.glob("articles/*/index.html"))
        if 'class="plot' in file.read_text(encoding="utf-8")
    ]
    assert "articles/l1-vs-l2/" in found
    return found


def refuse(panels: list[dict[str, Any]], where: str) -> None:
    """Fail for the first text that is small, cut, or on another one."""
    assert panels, where
    for panel in panels:
        assert panel["texts"], f"{where}: a panel without text"
        left, right, top, bottom = panel["frame"]
        for text in panel["texts"]:
            a = text["box"]
            assert text["size"] >= 11.99, (where, text)
            assert left - 1 <= a[0] and a[1] <= right + 1 and top - 1 <= a[2] and a[3] <= bottom + 1, (
                where,
                text,
                panel["frame"],
            )
        for one, two in itertools.combinations(panel["texts"], 2):
            a, b = one["box"], two["box"]
            across, along = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
            assert across <= 0.5 or along <= 0.5, (where, one, two)


def show_kinds(page: Page, drawn: dict[str, dict[str, str]]) -> None:
    figures = "".join(
        f'<figure class="plot {"plot-pair" if len(panels) > 1 else ""}">'
        f'<div class="plot-panels">{"".join(panels.values())}</div><figcaption>何を見るか。</figcaption></figure>'
        for panels in drawn.values()
    )
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.set_content(
        f'<!doctype html><meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f'<body data-md-color-scheme="{"slate" if dark else "default"}" style="margin: 0; background: var(--paper)">'
        f'<article class="md-typeset" style="max-width: 648px; margin: auto; padding: 0 19px">{figures}</article>'
    )


@needs_browser
@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_a_published_figure_is_small_cut_or_on_another(
    blog: str, page: Page, articles: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in articles:
        page.goto(blog + path, wait_until="networkidle")
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        refuse(page.evaluate(MEASURE, "figure.plot .plot-panels svg"), f"{path} {width}")


@needs_browser
@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_a_kind_of_plot_is_small_cut_or_on_another(page: Page, drawn: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    show_kinds(page, drawn)
    panels = page.evaluate(MEASURE, "figure.plot svg")
    assert len(panels) == sum(map(len, drawn.values()))
    refuse(panels, f"kinds {width}")


@needs_browser
@pytest.mark.parametrize("width", [340, 1280])
def test_a_figure_opens_at_full_width_without_script_and_closes_with_escape(
    blog: str, browser: Browser, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(blog + "articles/l1-vs-l2/")
    for figure in page.locator("figure.plot").all():
        drawing, button = figure.locator("svg.plot-panel").first, figure.locator(".plot-open")
        button.focus()
        before = drawing.bounding_box()
        page.keyboard.press("Enter")
        large = drawing.bounding_box()
        assert before and large and large["width"] > 1.2 * before["width"]
        refuse(page.evaluate(MEASURE, ":popover-open svg.plot-panel"), f"large {width}")
        page.keyboard.press("Escape")
        assert page.locator(":popover-open").count() == 0
        assert button.evaluate("button => button === document.activeElement")
        assert drawing.bounding_box() == before  # the page has not jumped
    context.close()


def test_the_data_of_a_figure_stand_under_it(built: Path, articles: list[str]) -> None:
    for path in articles:
        html = (built / path / "index.html").read_text(encoding="utf-8")
        figures = re.findall(r'<figure class="?plot\b.*?</figure>', html, re.S)
        assert figures
        for figure in figures:
            assert "この図のデータ" in figure
            assert len(re.findall(r"<svg[^>]*plot-panel", figure)) == figure.count("<table"), path
            address = re.search(r'href="?([^">]*/receipts/[^">]*\.csv)', figure)
            assert address
            rows = (built / address[1].removeprefix("/")).read_text(encoding="utf-8-sig").splitlines()
            assert len(rows) > figure.count("<tr") - figure.count("<table")


# Machado, Oliveira & Fernandes (2009), A physiologically-based model for simulation of color vision deficiency, IEEE
# Trans. Vis. Comput. Graph. 15(6), table of matrices for linear RGB at severity 1.
VISIONS = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
APART = 7.5  # in OKLab, times 100; look.md finds 7.7 at least


def oklab(colour: str, vision: str) -> np.ndarray:
    """Ottosson (2020), A perceptual color space for image processing; of a hex colour."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)
    cones = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]]
    cones.append([0.0883024619, 0.2817188376, 0.6299787005])
    axes = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099]]
    axes.append([0.0259040371, 0.7827717662, -0.8086757660])
    return 100 * np.array(axes) @ np.cbrt(np.array(cones) @ seen)


def palettes() -> dict[str, dict[str, str]]:
    """Both themes as the style sheet has them."""
    start = STYLE.index('[data-md-color-scheme="slate"]')
    dark = dict(re.findall(r"--([\w-]+): *(#[0-9a-f]{6})", STYLE[start : STYLE.index("}", start)]))
    return {"light": COLOURS, "dark": dark}


def series(svg: str) -> dict[str, set[str]]:
    """The colours of the curves of a panel, each with its dashes."""
    found: dict[str, set[str]] = {}

    def walk(element: ET.Element, around: dict[str, str]) -> None:
        here = around | element.attrib
        colour = here.get("stroke", "").removeprefix("var(--").removesuffix(")")
        colour = "s1" if colour == "ink" else colour
        if element.tag == "path" and here.get("stroke-width") == "2" and colour in {*METHODS, *SERIES}:
            found.setdefault(colour, set()).add(here.get("stroke-dasharray", ""))
        for child in element:
            walk(child, here)

    walk(ET.fromstring(svg), {})
    return found


def test_curves_of_one_panel_are_told_apart_by_every_eye_and_in_grey(
    built: Path, articles: list[str], drawn: dict[str, dict[str, str]]
) -> None:
    pages = [(built / path / "index.html").read_text(encoding="utf-8") for path in articles]
    svgs = [svg for html in pages for svg in re.findall(r"<svg class=\"?plot-panel.*?</svg>", html, re.S)]
    svgs += [svg for panels in drawn.values() for svg in panels.values()]
    compared = 0
    for svg, (theme, palette) in itertools.product(svgs, palettes().items()):
        for (a, dashes), (b, others) in itertools.combinations(series(svg).items(), 2):
            compared += 1
            for vision in VISIONS:
                distance = np.linalg.norm(oklab(palette[a], vision) - oklab(palette[b], vision))
                assert distance >= APART, (theme, vision, a, b)
            lightness = abs(oklab(palette[a], "normal")[0] - oklab(palette[b], "normal")[0])
            assert lightness >= APART or dashes != others, (theme, "grey", a, b)
    assert compared >= 16


def test_all_methods_and_series_are_told_apart_in_both_themes() -> None:
    for (theme, palette), vision in itertools.product(palettes().items(), VISIONS):
        for group in (METHODS, SERIES):
            for a, b in itertools.combinations(group, 2):
                distance = np.linalg.norm(oklab(palette[a], vision) - oklab(palette[b], vision))
                assert distance >= APART, (theme, vision, a, b)
    for dashes in ([method[1] for method in METHODS.values()], list(SERIES.values())):
        assert len(set(dashes)) == len(dashes)  # in grey some colours coincide
