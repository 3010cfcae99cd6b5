"""Words of a claim that say more than was tested.

「いつも」 is said of all repetitions: a claim that may fail in some (``share`` below 1) has to say it otherwise.
"""

from __future__ import annotations

import re

from figures.results import Claim

# What stands for "in every case". 「たいてい」「ほとんど」「多くの」 say less, and are free.
ALWAYS = re.compile(
    r"いつも|いつでも|常に|つねに|必ず|かならず|絶対|決して|けっして|例外なく|毎回|どの回|何度やっても"
    r"|すべて|全て|全部|ぜんぶ|どれも|どの[^、。]{1,12}も|誰も|だれも|まったく|全く|一[つ個度回本枚人]も|ひとつも|いちども|完全に|100%|100％"
)


def overstated(words: str, claim: Claim) -> str:
    """The first word that needs all repetitions while the claim asks for fewer, or ''."""
    found = ALWAYS.search(words)
    return found[0] if found and claim.needed < claim.n else ""
