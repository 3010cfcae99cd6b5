"""Guess first: choices of which the right one is cited, an answer that says how far off, and nothing remembered."""

from __future__ import annotations

import re

import pytest
from browser import needs_browser, served
from conftest import Site
from playwright.sync_api import Browser, expect

TYPED = "---\ntyped:\n{typed}---\n"
GUESS = """# 見出し

!!! guess "予想"

    平均はいくつでしょうか。

    {choices}

    くわしくは表のとおりです。

    {{{{ toy.all }}}}
"""
NUMBERS = ["- 20個", "- 24個", "- {{ toy.mean }}", "- 1,030.5個"]  # it is 26.0個


def page_of(choices: list[str], typed: list[str] | None = None) -> str:
    listed = typed if typed is not None else [c[2:] for c in choices if re.fullmatch(r"- [\d,.]+\w", c)]
    head = TYPED.format(typed="".join(f'  "{words}": 予想の選択肢\n' for words in listed)) if listed else ""
    return head + GUESS.format(choices="\n    ".join(choices))


def test_the_answer_is_a_citation_and_the_choice_its_text(site: Site) -> None:
    site.page(page_of(NUMBERS))
    html = site.good()
    group = re.search(r"<div[^>]*guess__choices.*?</div>", html, re.DOTALL)
    assert group
    assert re.findall(r"<span>([^<]*)</span>", group[0]) == ["20個", "24個", "26.0個", "1,030.5個"]
    assert "data-cite" not in group[0]
    answer = re.search(r"<details.*?</details>", html, re.DOTALL)
    assert answer
    assert 'data-cite="toy.mean"' in answer[0]
    assert 'data-cite="toy.all"' in answer[0]  # what stands below the list
    said = re.findall(r'class="guess__off">([^<]*)<', answer[0])
    assert said == [
        "予想は6.0個足りませんでした。",
        "予想は2.0個足りませんでした。",
        "当たりました。",
        "予想は1,004.5個多すぎました。",
    ]


def test_words_have_a_claim_among_them(site: Site) -> None:
    site.page(page_of(["- [大きい]{{ toy.is_large }}", "- 小さい"]))
    html = site.good()
    assert re.findall(r'class="guess__off">([^<]*)<', html) == ["当たりました。", "外れました。"]
    assert 'data-claim="toy.is_large"' in html
    group = re.search(r"<div[^>]*guess__choices.*?</div>", html, re.DOTALL)
    assert group
    assert re.findall(r"<span>([^<]*)</span>", group[0]) == ["大きい", "小さい"]


def test_a_guess_without_choices_is_the_block_that_it_was(site: Site) -> None:
    site.page('# 見出し\n\n!!! guess "予想"\n\n    紙に書いてください。平均は {{ toy.mean }} です。\n')
    assert "<details" not in site.good()


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        (["- 20個", "- 24個"], "引用が0個あります"),
        (["- {{ toy.mean }}", "- {{ toy.exact }}"], "引用が2個あります"),
        (["- {{ toy.mean }}", "- 20回"], "同じ単位の数字にしてください"),
        (["- {{ toy.mean }}", "- たくさん"], "同じ単位の数字にしてください"),
        (["- {{ toy.mean }}"], "1個あります。2個から4個まで"),
        (["- {{ toy.mean }}", "- 1個", "- 2個", "- 3個", "- 4個"], "5個あります。2個から4個まで"),
    ],
)
def test_choices_that_cannot_be_read_stop_the_build_at_their_line(site: Site, choices: list[str], said: str) -> None:
    text = page_of(choices, [c[2:] for c in choices if re.fullmatch(r"- \d+\w", c)])
    site.page(text)
    message = site.bad()
    assert said in message
    place = re.search(r"docs/index\.md:(\d+): 予想の選択肢", message)
    assert place
    assert text.splitlines()[int(place[1]) - 1].strip() in (*choices, '!!! guess "予想"')


def test_a_typed_choice_is_a_typed_number(site: Site) -> None:
    site.page(page_of(NUMBERS, []))
    assert "手で打った数字 '20個'" in site.bad()


@needs_browser
def test_by_keyboard_pick_and_see_how_far_off(site: Site, browser: Browser) -> None:
    site.page(page_of(NUMBERS))
    site.good()
    with served(site.root / "site") as address:
        page = browser.new_page()
        page.goto(address)
        for name in ("20個", "24個"):  # Tab goes into the group, an arrow through it
            page.get_by_role("radio", name="20個").focus() if name == "20個" else page.keyboard.press("ArrowRight")
            page.keyboard.press("Space")
            expect(page.get_by_role("radio", name=name)).to_be_checked()
        expect(page.get_by_text("走らせた結果は")).to_be_hidden()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("走らせた結果は")).to_be_visible()
        expect(page.get_by_text("予想は2.0個足りませんでした。")).to_be_visible()
        expect(page.get_by_text("予想は6.0個足りませんでした。")).to_be_hidden()
        page.reload()
        assert page.locator("input[type=radio][name^=guess]:checked").count() == 0
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0 or "guess" not in page.evaluate(
            "JSON.stringify([localStorage, sessionStorage])"
        )
        page.close()


@needs_browser
def test_without_script_and_without_choosing_the_answer_opens(site: Site, browser: Browser) -> None:
    site.page(page_of(NUMBERS))
    site.good()
    with served(site.root / "site") as address:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(address)
        page.get_by_text("答えを見る").click()
        expect(page.get_by_text("走らせた結果は")).to_be_visible()
        expect(page.locator(".guess__off:visible")).to_have_count(0)
        page.context.close()
