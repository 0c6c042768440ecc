#!/usr/bin/env bash
# nbdev's show_doc raises NameError for a function whose annotation is imported for type checkers only.
#
# `if TYPE_CHECKING: from decimal import Decimal` beside `from __future__ import annotations` is the idiom of PEP 563 and of the typing module's
# documentation for a type whose import is heavy or circular: the annotation stays text, and inspect.signature, inspect.getdoc and help()
# show it as text. nbdev's renderers evaluate the text and let the NameError out, so one such parameter costs the documentation of the
# function, and a site that renders a whole module stops there.
#
# Needs Python 3.10 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q nbdev==3.3.26 fastcore==2.2.41
cat > "$folder/later.py" <<'PY'
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING: from decimal import Decimal

def half(x: Decimal) -> Decimal:
    "Half of x."
    return x/2

def third(x: float) -> float:
    "A third of x."
    return x/3
PY
cd "$folder"
env/bin/python - <<'PY'
import inspect, sys
import fastcore, nbdev
from later import half, third
from nbdev.showdoc import BasicMarkdownRenderer, show_doc

print('nbdev', nbdev.__version__, 'fastcore', fastcore.__version__)
print('inspect.signature:', inspect.signature(half), '| inspect.getdoc:', inspect.getdoc(half))

def outcome(render, function):
    try: text = render(function)._repr_markdown_()
    except NameError as error: return f'NameError: {error}'
    return 'documented' if inspect.getdoc(function) in text else 'without its docstring'

rows = [(render.__name__, function.__name__, outcome(render, function)) for render in (show_doc, BasicMarkdownRenderer) for function in (third, half)]
for row in rows: print(*row, sep=': ')
as_described = all(said == 'documented' if name == 'third' else said.startswith("NameError: name 'Decimal'") for _, name, said in rows)
print('an annotation for type checkers stops the documentation, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
