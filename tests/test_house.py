"""The house keeps its order: who may know whom, one meaning for each name, short lines, short cells, few arguments by place."""
import ast, collections, json, os, re, shutil, subprocess, sys
from pathlib import Path

import pytest

from running import apart

TOP = Path(__file__).parent.parent
NBS, PACKAGE = TOP/'nbs', TOP/'deblur_nb'
NOTEBOOKS = sorted(path.relative_to(NBS).as_posix() for path in NBS.rglob('*.ipynb') if '.ipynb_checkpoints' not in path.parts)
MODULES = sorted(path for path in PACKAGE.rglob('*.py') if path.name != '_modidx.py')
LONGEST_LINE, LONGEST_CELL, LONGEST_MODULE, MOST_BY_PLACE = 140, 12, 300, 3
LONGER_CELLS = { # (notebook, first line of code): what would be harder to read in two cells
    ('07_training/04_papers.ipynb', '@dataclass(frozen=True, kw_only=True)'), ('07_training/06_run.ipynb', '@dataclass(frozen=True, kw_only=True)'), ('07_training/14_plan.ipynb', '@dataclass(repr=False, frozen=True, kw_only=True)'), # lists of fields
    ('benchmarks/restore.ipynb', 'def padded(inputs, outputs, size, stride=1): return nn.ReflectionPad2d(size // 2), nn.Conv2d(inputs, outputs, size, stride)'),
    ('benchmarks/restore.ipynb', 'def ours(folder):'), ('benchmarks/restore.ipynb', "script = '''")} # scripts that a cell writes into a file

def lint_imports(folder):
    return subprocess.run([sys.executable, '-c', 'from importlinter.cli import lint_imports_command; lint_imports_command()', '--no-cache'],
                          cwd=folder, env={**os.environ, 'PYTHONPATH': str(folder)}, capture_output=True, text=True, timeout=120)

def test_a_wing_knows_only_the_wings_it_stands_on():
    done = lint_imports(TOP)
    assert done.returncode == 0, done.stdout + done.stderr

@pytest.mark.long
@pytest.mark.parametrize('module, line', [
    ('photos/files.py', 'from deblur_nb.blur.kernels import psf'), ('losses/pixels.py', 'from ..models.base import Generator'), ('restore/tiles.py', 'from deblur_nb.data import pairs')])
def test_a_forbidden_import_is_found(tmp_path, module, line):
    shutil.copytree(PACKAGE, tmp_path/'deblur_nb', ignore=shutil.ignore_patterns('__pycache__', 'data_samples', 'nbs'))
    shutil.copy(TOP/'pyproject.toml', tmp_path)
    with open(tmp_path/'deblur_nb'/module, 'a', encoding='utf-8') as file: file.write(f'\n{line}\n')
    done = lint_imports(tmp_path)
    assert done.returncode == 1 and 'BROKEN' in done.stdout, done.stdout + done.stderr

def tree(path): return ast.parse(path.read_text(encoding='utf-8'))

def dotted(path): return '.'.join(path.relative_to(TOP).with_suffix('').parts).removesuffix('.__init__')

def test_no_private_name_crosses_a_module():
    found = [f'{dotted(path)}: {alias.name} of {node.module}' for path in MODULES for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)
             and (node.level or (node.module or '').startswith('deblur_nb')) for alias in node.names if alias.name.startswith('_')]
    assert not found, found

def public_names(path):
    "The names that a module says are public, in its `__all__`."
    return next((ast.literal_eval(node.value) for node in tree(path).body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == '__all__'), [])

def test_a_public_name_has_one_meaning():
    homes = collections.defaultdict(list)
    for path in MODULES:
        if path.name == '__init__.py': continue
        for name in public_names(path): homes[name].append(dotted(path))
    assert not {name: where for name, where in homes.items() if len(where) > 1}

@pytest.mark.parametrize('wing', sorted(path.name for path in PACKAGE.iterdir() if (path/'__init__.py').exists()))
def test_the_face_hands_on_every_public_name_of_its_wing(wing):
    rooms = [path for path in (PACKAGE/wing).glob('*.py') if path.name != '__init__.py']
    names = {name for path in rooms for name in public_names(path)}
    assert not names & {path.stem for path in rooms}, 'a public name that is a module of its wing, too: which of them the face hands on would hang on who imported what before'
    handed_on, not_there = apart(names_of_face, wing)
    missing = names - set(handed_on)
    assert not missing, f'python -c "from deblur_nb.{wing} import ..." fails for {sorted(missing)}: add the names to the face, the notebook of {wing} whose name begins with 0, and a row to its table'
    assert not not_there

def names_of_face(wing):
    "The names of a face, and those of them that it cannot hand on."
    import importlib
    face = importlib.import_module(f'deblur_nb.{wing}')
    return face.__all__, [name for name in face.__all__ if not hasattr(face, name)]

def test_importing_a_wing_loads_nothing():
    "A face loads a module when the first of its names is asked for (models, whose modules are small, loads them at once)."
    code = "import sys, deblur_nb.photos, deblur_nb.blur, deblur_nb.data, deblur_nb.training, deblur_nb.restore, deblur_nb.evaluation, deblur_nb.lab; print(*{'torch', 'fastai', 'pandas', 'deepinv'} & set(sys.modules))"
    done = subprocess.run([sys.executable, '-c', code], cwd=TOP, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stdout + done.stderr

def test_library_code_reads_the_profile_alone_from_the_environment():
    allowed = {'settings': {'DEBLUR_NB_PROFILE', 'IN_TEST', 'LOCAL_WORLD_SIZE'}, 'parallel': {'LOCAL_RANK'}} # and what nbdev's tests and launchers such as torchrun set
    found = [(dotted(path), name) for path in MODULES for name in re.findall(r"environ(?:\.get\(|\[)['\"](\w+)", path.read_text(encoding='utf-8'))
             if name not in allowed.get(path.stem, ())]
    assert not found, found

@pytest.mark.parametrize('path', MODULES, ids=dotted)
def test_a_module_is_short(path):
    length = sum(not line.startswith('# %%') for line in path.read_text(encoding='utf-8').splitlines()) # without nbdev's marks between cells
    assert length <= LONGEST_MODULE, f'{dotted(path)} has {length} lines: does it have two jobs?'

def by_place(function, method):
    "How many arguments a function takes by place, without `self`."
    static = any(ast.unparse(decorator) == 'staticmethod' for decorator in function.decorator_list)
    return len(function.args.posonlyargs + function.args.args) - (method and not static)

def fields_by_place(kind):
    "How many fields a dataclass takes by place; 0 for other classes."
    decorators = [ast.unparse(decorator) for decorator in kind.decorator_list if 'dataclass' in ast.unparse(decorator)]
    if not decorators or 'kw_only=True' in decorators[0]: return 0
    fields = [ast.unparse(node.annotation) for node in kind.body if isinstance(node, ast.AnnAssign)]
    if 'KW_ONLY' in fields: fields = fields[:fields.index('KW_ONLY')]
    return sum('ClassVar' not in text for text in fields)

def takes_too_many(path):
    "The public functions, methods and constructors of a module that take more than three arguments by place."
    for node in tree(path).body:
        if getattr(node, 'name', '_').startswith('_'): continue
        if isinstance(node, ast.FunctionDef):
            method = any('patch' in ast.unparse(decorator) for decorator in node.decorator_list)
            if by_place(node, method) > MOST_BY_PLACE: yield f'{dotted(path)}.{node.name}'
        elif isinstance(node, ast.ClassDef):
            if fields_by_place(node) > MOST_BY_PLACE: yield f'{dotted(path)}.{node.name}'
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and (one.name == '__init__' or not one.name.startswith('_'))]
            yield from (f'{dotted(path)}.{node.name}.{one.name}' for one in methods if by_place(one, True) > MOST_BY_PLACE)

def test_few_arguments_by_place():
    found = [name for path in MODULES for name in takes_too_many(path)]
    assert not found, f'more than three arguments by place (put a * before the rest): {found}'

# Notebooks

def cells(notebook, kind):
    for cell in json.loads((NBS/notebook).read_text(encoding='utf-8'))['cells']:
        if cell['cell_type'] == kind: yield ''.join(cell['source'])

def not_counted(node):
    "The lines of an import, of a docstring, and of a signature after its first line (one argument a line, with what it means)."
    if isinstance(node, (ast.Import, ast.ImportFrom)): yield from range(node.lineno, node.end_lineno + 1)
    if isinstance(node, ast.FunctionDef): yield from range(node.lineno + 1, node.body[0].lineno)
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
        yield from range(node.body[0].lineno, node.body[0].end_lineno + 1)

def lines_of_code(source):
    "The lines of a cell without imports, docstrings, signatures after their first line, comments, blank lines and magics."
    source = '\n'.join('' if line.lstrip().startswith(('%', '!')) else line for line in source.split('\n'))
    left_out = {line for node in ast.walk(ast.parse(source)) for line in not_counted(node)}
    return [line for number, line in enumerate(source.split('\n'), 1) if number not in left_out and line.strip() and not line.lstrip().startswith('#')]

@pytest.mark.parametrize('notebook', NOTEBOOKS)
def test_lines_and_cells_are_short(notebook):
    long_lines, long_cells = [], []
    for source in cells(notebook, 'code'):
        long_lines += [line for line in source.split('\n') if len(line) > LONGEST_LINE]
        code = lines_of_code(source)
        if code and code[0].startswith('__getattr__, __dir__, __all__ ='): continue # a wing's face is a list of names
        if len(code) > LONGEST_CELL and (notebook, code[0]) not in LONGER_CELLS: long_cells.append((len(code), code[0]))
    assert not long_lines, f'lines of more than {LONGEST_LINE} characters: {long_lines}'
    assert not long_cells, f'cells of more than {LONGEST_CELL} lines of code: {long_cells}'

@pytest.mark.parametrize('notebook', NOTEBOOKS)
def test_places_are_named_by_links(notebook):
    found = [text for kind in ('markdown', 'code') for source in cells(notebook, kind) for text in re.findall(r'\b[Rr]ooms? \d+', source)]
    assert not found, f'name the notebook or the module: {found}'

@pytest.mark.parametrize('notebook', NOTEBOOKS)
def test_links_of_notebooks_lead_somewhere(notebook):
    links = [link for source in cells(notebook, 'markdown') for link in re.findall(r'\]\(([^)#\s]+)', re.sub(r'`[^`]*`|\$[^$]*\$', '', source)) if '://' not in link]
    broken = [link for link in links if not link.startswith(('mailto:', 'attachment:')) and not ((NBS/notebook).parent/link).exists()]
    assert not broken, broken

@pytest.mark.parametrize('notebook', NOTEBOOKS)
def test_a_fold_of_several_answers_says_so(notebook):
    folds = [fold for source in cells(notebook, 'markdown') for fold in re.findall(r'<summary>(Answers?)</summary>(.*?)</details>', source, re.S)]
    wrong = [text.strip()[:60] for title, text in folds if (title == 'Answers') != (len(re.findall(r'^(?:\*\*)?\d+\.', text, re.M)) > 1)]
    assert not wrong, f'Answer for one, Answers for several: {wrong}'

def test_the_walk_of_a_photo_names_what_there_is():
    named = re.findall(r'`(deblur_nb\.[\w.]+)`', (TOP/'CONTRIBUTING.md').read_text(encoding='utf-8'))
    assert len(named) > 12
    assert not apart(unknown, named)

def unknown(names):
    "Those of these dotted names that do not exist."
    import importlib
    places = {name: name.rpartition('.') for name in names if name != 'deblur_nb.photos.inline'}
    return [name for name, (module, _, thing) in places.items() if not hasattr(importlib.import_module(module), thing)]
