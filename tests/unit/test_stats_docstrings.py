"""Every statistic says the same things about itself, in the same order."""

import ast
from collections.abc import Iterator

import pytest

from hatecrime.settings import root

# After the question and the formula.
PARTS = ("Parameters: ", "Result: ", "Misleads ", "Reference: ", ">>> ")


def statistics() -> Iterator[object]:
    for path in sorted((root() / "hatecrime" / "stats").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield pytest.param(ast.get_docstring(node) or "", id=f"{path.stem}.{node.name}")


@pytest.mark.parametrize("text", statistics())
def test_a_statistic_asks_its_question_then_explains_itself_in_one_order(text: str) -> None:
    question, *rest = text.split("\n\n")
    assert question.endswith("?")
    begun = [part for line in "\n\n".join(rest).splitlines() for part in PARTS if line.startswith(part)]
    assert tuple(dict.fromkeys(begun)) == PARTS
