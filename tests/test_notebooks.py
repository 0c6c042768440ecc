"""Every notebook of nbs/ runs from its first cell to its last, in the smoke profile, each in a process of its own; those of the benchmarks
by their own command (tests/test_benchmarks.py).

The core suite runs those that define something, without the cells that begin with `#| long`; and there is no public name that it does not use.
One notebook alone, whole: `pytest tests/test_notebooks.py -k kernels`."""
import ast, collections, itertools, json, re

import pytest

from running import LEFT_OUT, TOP, run_notebook

EXERCISES = TOP/'nbs'/'course'/'exercises' # tests/test_exercises.py runs them
NOTEBOOKS = sorted(path.relative_to(TOP/'nbs').as_posix() for path in (TOP/'nbs').rglob('*.ipynb')
                   if '.ipynb_checkpoints' not in path.parts and not path.is_relative_to(EXERCISES))

def code(notebook):
    "The sources of a notebook's cells of code."
    return [''.join(cell['source']) for cell in json.loads((TOP/'nbs'/notebook).read_text(encoding='utf-8'))['cells'] if cell['cell_type'] == 'code']

def flags(source): return set(re.findall(r'^#\| *(\w+)', source, re.M))

def defines(notebook): return any('export' in flags(source) for source in code(notebook))

@pytest.mark.parametrize('notebook', [pytest.param(name, marks=() if defines(name) else pytest.mark.long) for name in NOTEBOOKS if not name.startswith('benchmarks/')])
def test_notebook_runs(notebook, request):
    failure = run_notebook(TOP/'nbs'/notebook, core=request.config.option.core)
    if failure: pytest.fail(failure, pytrace=False)

def used(source):
    "The names that a cell uses, and those of attributes."
    lines = [re.sub(r'^(\s*)[%!].*', r'\1pass', line) for line in source.split('\n')]
    for node in ast.walk(ast.parse('\n'.join(lines))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load): yield node.id
        elif isinstance(node, ast.Attribute): yield node.attr

def modules():
    "{module: its statements} of the package, faces left out."
    return {'.'.join(path.relative_to(TOP).with_suffix('').parts): ast.parse(path.read_text(encoding='utf-8')).body
            for path in sorted((TOP/'deblur_nb').rglob('*.py')) if not path.name.startswith('_')}

def assigned(node): return [ast.unparse(target) for target in getattr(node, 'targets', [])]

def names_behind():
    "{name of a definition, of a patched class or of a table: the names that it uses}, of the whole package."
    behind = collections.defaultdict(set)
    for node in itertools.chain(*modules().values()):
        owners = [argument.annotation.id for argument in node.args.args[:1] if isinstance(argument.annotation, ast.Name)] if isinstance(node, ast.FunctionDef) else []
        for name in [*([node.name] if hasattr(node, 'name') else assigned(node)), *owners]:
            if name != '__all__': behind[name].update(used(ast.unparse(node)))
    return behind

def test_the_core_suite_uses_every_public_name():
    "In a cell that is no definition itself and that no flag leaves out, or in what such a cell calls."
    names, behind = set(), names_behind()
    for source in itertools.chain(*map(code, filter(defines, NOTEBOOKS))):
        if not flags(source) & {'export', 'exporti', 'long', *LEFT_OUT}: names.update(used(source))
    new = names
    while new: names, new = names | new, set().union(*(behind[name] for name in new if name in behind)) - names - new
    public = {module: ast.literal_eval(node.value) for module, nodes in modules().items() for node in nodes if assigned(node) == ['__all__']}
    unused = {module: left for module, all_names in public.items() if (left := [name for name in all_names if name not in names])}
    assert not unused and sum(map(len, public.values())) > 500, f'no cell of the core suite uses them: {unused}'
