"""The exercises with marks (nbs/course/exercises): their solutions pass, nothing passes without an answer, wrong answers fail where they should.

The cells run in this process. That nbgrader gives a class of three the same marks is tested by its own commands, as the README has them."""
import importlib.util, json, os, re, shutil, sqlite3, subprocess, sys, sysconfig
from pathlib import Path

import pytest

from running import apart, code, forked_kernel, server, use_server

TOP = Path(__file__).parent.parent
FOLDER = TOP/'nbs'/'course'/'exercises'
spec = importlib.util.spec_from_file_location('exercises_check', FOLDER/'check.py')
check = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check)

NAMES = check.names()
QUICK = 'week1/psf', 'week1/photograph_gamma', 'week2/wiener' # in the core suite: without torch

def exercise(name): return check.read(check.SOURCE/f'{name}.ipynb')

def all_names(): return [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in NAMES]

def failed(results): return {name for name, (_, failure) in results.items() if failure}

def other_answers(folder, name):
    "(the head of each answer, by its parts; its source) of a file of other answers to an exercise."
    text = (FOLDER/folder/f'{name.split("/")[1]}.py').read_text(encoding='utf-8')
    for part in re.split(r'^# %% ', text, flags=re.M)[1:]:
        head, _, source = part.partition('\n')
        yield head.split(' | '), source

def wrong_answers(name):
    "(the cell that it replaces, what is wrong, the tests that must fail, its source) of each wrong answer to an exercise."
    for (cell, what, tests), source in other_answers('wrong', name): yield cell, what, set(tests.split(', ')), source

def fits(tests, about):
    "Is this cell's metadata what nbgrader asks for?"
    kind = bool(about['solution']), bool(about['grade'])
    return about['schema_version'] == 3 and not about['task'] and kind in {(True, False), (False, True)} and about['locked'] == about['grade'] == ('points' in about)

def test_there_are_twelve_of_three_to_five_points_three_a_week():
    assert [name.split('/')[0] for name in NAMES] == [f'week{week}' for week in (1, 2, 3, 4) for _ in range(3)]
    for name in NAMES:
        cells = [about for cell in exercise(name)['cells'] if (about := check.graded(cell))]
        assert all(fits(cells, about) for about in cells), name
        assert len({about['grade_id'] for about in cells}) == len(cells), f'{name}: two cells have the same id'
        points = sum(about.get('points', 0) for about in cells)
        text = check.source(exercise(name)['cells'][0])
        assert 3 <= points <= 5 and f'Week {name[4]}, {points} points.' in text and '**The idea**' in text, name
        assert f'](source/{name}.ipynb)' in (FOLDER/'README.md').read_text(encoding='utf-8'), f'{name} is not in the README'
        assert re.search(rf'\[{name[6:]}\].*\| {points} \|', (FOLDER/'README.md').read_text(encoding='utf-8')), f'the README gives {name} other points'

def test_every_test_has_a_part_that_is_seen_and_one_that_is_hidden():
    for name in NAMES:
        for cell in exercise(name)['cells']:
            if not check.graded(cell).get('grade'): continue
            text = check.source(cell)
            assert 'assert ' in check.stripped(text) and len(check.HIDDEN.findall(text)) == 1, (name, check.graded(cell)['grade_id'])

@pytest.mark.parametrize('name', all_names())
def test_the_solution_passes(name):
    results = apart(solved, name)
    assert results and not failed(results), results

def solved(name): return check.grade(exercise(name), check.answers(exercise(name)))

@pytest.mark.parametrize('name', all_names())
def test_without_an_answer_nothing_passes(name):
    "Neither the tests that students see nor those that mark."
    notebook, empty = exercise(name), check.release(exercise(name))
    assert 'NotImplementedError' in json.dumps(empty) and not re.search(r'BEGIN|END|HIDDEN', json.dumps(empty))
    for tests in (notebook, empty):
        results = check.grade(tests, check.answers(empty))
        assert failed(results) == set(results)

@pytest.mark.parametrize('name', all_names())
def test_a_wrong_answer_fails_where_it_should(name):
    notebook, answers = exercise(name), list(wrong_answers(name))
    assert len(answers) >= 3
    for cell, what, tests, source in answers:
        results = check.grade(notebook, {**check.answers(notebook), cell: source})
        assert failed(results) == tests, (what, results)
    found = set().union(*(tests for _, _, tests, _ in answers))
    assert len(found) >= len(results) - 1, f'no wrong answer shows what these tests are for: {set(results) - found}'

@pytest.mark.parametrize('name', [name for name in all_names() if (FOLDER/'right'/f'{name.values[0][6:]}.py').exists()])
def test_a_right_answer_in_another_form_passes(name):
    answers = list(other_answers('right', name))
    assert answers
    for (cell, what), source in answers: assert not failed(check.grade(exercise(name), {**check.answers(exercise(name)), cell: source})), what

def test_students_check_themselves(tmp_path, capsys):
    mine = tmp_path/'my.ipynb'
    assert check.main(['--new', 'week1/psf', str(mine)]) == 0 and 'np.add.at' not in mine.read_text()
    assert check.main(['week1/psf', str(mine)]) == 1
    assert '0/1  psf_brightness: NotImplementedError' in (printed := capsys.readouterr().out) and '0 of 5 points' in printed
    shutil.copy(check.SOURCE/'week1'/'psf.ipynb', mine)
    assert check.main(['week1/psf', str(mine)]) == 0 and '5 of 5 points' in capsys.readouterr().out
    for arguments, why in ((['--new', 'week1/psf', str(mine)], 'exists already'), (['week2/wiener', str(mine)], "its cells ['wiener', 'wiener_cross'"),
                           (['week1/psf', str(tmp_path)], 'is not a notebook'), (['week9/psf', str(mine)], 'invalid choice')):
        with pytest.raises(SystemExit): check.main(arguments)
        assert why in capsys.readouterr().err

def filled_in(path, answer, *own):
    "A student's notebook for `psf`: the answer, and cells of their own before it."
    notebook = check.release(exercise('week1/psf'))
    place = next(i for i, cell in enumerate(notebook['cells']) if check.graded(cell).get('solution'))
    notebook['cells'][place]['source'] = answer
    notebook['cells'][place:place] = [dict(cell_type='code', metadata={}, source=source, outputs=[], execution_count=None) for source in own]
    path.write_text(json.dumps(notebook), encoding='utf-8')

def test_a_students_own_cells_run_and_a_cell_that_fails_is_named(tmp_path, capsys):
    "As under nbgrader: a helper may stand in a cell of its own; and where the answer itself does not run, its own complaint is seen."
    mine, right = tmp_path/'my.ipynb', check.answers(exercise('week1/psf'))['psf']
    filled_in(mine, right.replace('np.add.at(', 'add('), 'def add(*what): np.add.at(*what)')
    assert check.main(['week1/psf', str(mine)]) == 0 and '5 of 5 points' in capsys.readouterr().out
    filled_in(mine, right.replace('side):', 'side)'))
    assert check.main(['week1/psf', str(mine)]) == 1
    assert "(before it, the cell 'psf' fails: SyntaxError: expected ':'" in (printed := capsys.readouterr().out) and '0 of 5 points' in printed
    filled_in(mine, right, 'raise SystemExit', '1/0') # neither keeps the others from running
    assert check.main(['week1/psf', str(mine)]) == 0 and '5 of 5 points' in capsys.readouterr().out

def test_a_changed_test_is_put_back(tmp_path, capsys):
    mine = tmp_path/'my.ipynb'
    filled_in(mine, 'def psf(points, side): return np.zeros((side, side))')
    notebook = check.read(mine)
    for cell in notebook['cells']:
        if check.graded(cell).get('grade'): cell['source'] = 'assert True'
    mine.write_text(json.dumps(notebook), encoding='utf-8')
    assert check.main(['week1/psf', str(mine)]) == 1 and '0 of 5 points' in capsys.readouterr().out

@pytest.mark.long
def test_nbdev_leaves_them_as_they_are(tmp_path):
    shutil.copytree(FOLDER, tmp_path/'nbs'/'exercises', ignore=shutil.ignore_patterns('__pycache__'))
    shutil.copy(TOP/'pyproject.toml', tmp_path)
    (tmp_path/'deblur_nb').mkdir()
    done = code('from nbdev.clean import nbdev_clean; from nbdev.doclinks import nbdev_export; nbdev_clean(); nbdev_export()', cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all((tmp_path/'nbs'/'exercises'/'source'/f'{name}.ipynb').read_bytes() == (check.SOURCE/f'{name}.ipynb').read_bytes() for name in NAMES)
    assert not [path for path in (tmp_path/'deblur_nb').rglob('*.py') if path.name not in ('_modidx.py', '__init__.py')]

# The exercises at the end of the reference notebooks

FOLDED = {'jupyter': {'outputs_hidden': True, 'source_hidden': True}, 'tags': ['hide-cell']} # in JupyterLab, and on the site

def exercises_and_solutions(path):
    "How many exercises a notebook has at its end, and its cells that begin with 'Solution'."
    cells = check.read(path)['cells']
    text = ''.join(check.source(cell) + '\n' for cell in cells if cell['cell_type'] == 'markdown')
    return len(re.findall(r'^\d+\. ', text.partition('## Exercises')[2], re.M)), [cell for cell in cells if check.source(cell).startswith('#| long\n# Solution ')]

def each_solution(folded):
    "The code of each solution: its cell and the folded ones that follow it."
    return re.split(r'^#\| long\n# Solution ', '\n'.join(map(check.source, folded)), flags=re.M)[1:]

def test_every_exercise_has_a_folded_solution_that_tests_itself():
    count = 0
    for path in sorted((TOP/'nbs').rglob('*.ipynb')):
        if '.ipynb_checkpoints' in path.parts or FOLDER in path.parents: continue
        exercises, solutions = exercises_and_solutions(path)
        numbers = [int(check.source(cell).split()[4].rstrip('.')) for cell in solutions]
        assert numbers == list(range(1, exercises + 1)), f'{path.name}: {exercises} exercises, solutions {numbers}: each has a folded cell of its own that begins with "#| long" and "# Solution 1."'
        folded = [cell for cell in check.read(path)['cells'] if 'hide-cell' in cell['metadata'].get('tags', [])]
        assert all(cell['metadata'] == FOLDED and check.source(cell).startswith('#| long') for cell in folded), path.name
        for number, code in enumerate(each_solution(folded), 1): assert re.search(r'\btest_\w+\(|\bassert ', code), f'{path.name}: solution {number} tests nothing'
        count += exercises
    assert count > 30

# where the reader fills in a cell at the end of a reference notebook
TO_FILL_IN = re.compile(r'^(answer =|    return) \.\.\.', re.M)

def cells_to_fill_in(path):
    "(the cells that a reader fills in behind '## Exercises', the code of the solutions) of a notebook that marks them."
    sources = [check.source(cell) for cell in check.read(path)['cells']]
    place = next((i for i, text in enumerate(sources) if '## Exercises' in text), len(sources))
    if not any('def marked(' in text for text in sources[place:]): return [], ''
    first = next(i for i, text in enumerate(sources) if i > place and text.startswith('#| long\n# Solution '))
    return [text for text in sources[place:first] if TO_FILL_IN.search(text)], '\n'.join(sources[first:])

def test_a_cell_to_fill_in_is_marked_and_its_solution_tries_wrong_answers_too():
    "A mark that calls everything right, or that nobody has tried with a typical slip, teaches nothing."
    found = {path.name: cells_to_fill_in(path) for path in sorted((TOP/'nbs').glob('0*/*.ipynb'))}
    asked = {name: both for name, both in found.items() if both[1]}
    for name, (theirs, solutions) in asked.items():
        assert theirs and all('marked(' in text for text in theirs), f'{name}: a cell with `answer = ...` or `return ...` that ends with marked(...)'
        assert '.right' in solutions and 'True' in solutions and 'False' in solutions, f'{name}: the solution tests marked(...).right of itself and of typical slips'
    assert len(asked) >= 28

# nbgrader itself

def commands():
    "The commands for teachers that the README prints."
    text = (FOLDER/'README.md').read_text(encoding='utf-8')
    return re.search(r'```bash\n(.*?)\n```', text, re.S)[1].split('\n')

def environment(folder):
    path = os.pathsep.join([sysconfig.get_path('scripts'), os.environ.get('PATH', '')]) # nbgrader calls alembic by its name: as in an active environment
    return {**os.environ, 'PATH': path, 'HOME': str(folder), 'JUPYTER_DATA_DIR': str(folder/'jupyter'), 'MPLBACKEND': 'Agg', 'OMP_NUM_THREADS': '1'}

def run(command, folder):
    words = command.split()
    done = subprocess.run([sys.executable, '-m', *words], cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f'{command}\n{done.stdout}\n{done.stderr}'

def run_all(commands, folder, known):
    "Several commands of nbgrader in this process, which imports it once, with kernels that begin with everything imported; then the marks."
    os.environ.update(environment(folder))
    os.chdir(folder)
    if known:
        from jupyter_client.provisioning import local_provisioner
        use_server(known)
        local_provisioner.launch_kernel = forked_kernel
    from nbgrader.apps.nbgraderapp import NbGraderApp
    from traitlets.config import Application
    for command in commands:
        try: NbGraderApp.launch_instance(command.split()[1:])
        except SystemExit as end: assert not end.code, command
        type(Application.instance()).clear_instance() # or the next command is not another one
    return marks(folder/'gradebook.db')

def hand_in(folder, student, answered):
    "A student fills in the released notebooks of week 1 {exercise: {cell: source}} and sends them."
    for path in sorted((folder/'release'/'week1').glob('*.ipynb')):
        notebook = check.read(path)
        for cell in notebook['cells']:
            about = check.graded(cell)
            if about.get('solution'): cell['source'] = answered.get(path.stem, {}).get(about['grade_id'], check.source(cell))
        (folder/'downloaded'/'week1'/'archive'/f'{student}_{path.stem}.ipynb').write_text(json.dumps(notebook), encoding='utf-8')

def class_of_three():
    "{student: answers}: one right, one with nothing filled in, one wrong; and the points by hand."
    weeks = [name for name in NAMES if name.startswith('week1/')]
    right = {name[6:]: check.answers(exercise(name)) for name in weeks}
    wrong = {name[6:]: next(wrong_answers(name)) for name in weeks}
    points = {name[6:]: {key: points for key, (points, _) in check.grade(exercise(name), check.answers(exercise(name))).items()} for name in weeks}
    answers = dict(ada=right, bob={}, eve={name: {cell: source} for name, (cell, _, _, source) in wrong.items()})
    left = {name: sum(value for key, value in points[name].items() if key not in tests) for name, (_, _, tests, _) in wrong.items()}
    full = {name: sum(values.values()) for name, values in points.items()}
    return answers, dict(ada=full, bob=dict.fromkeys(full, 0), eve=left)

def marks(gradebook):
    "{student: {exercise: points}} in nbgrader's gradebook."
    from nbgrader.api import Gradebook
    with Gradebook(f'sqlite:///{gradebook}') as book:
        return {student: {name: book.find_submission_notebook(name, 'week1', student).score for name in ('psf', 'trajectory', 'photograph_gamma')} for student in ('ada', 'bob', 'eve')}

@pytest.mark.long
def test_a_class_of_three_gets_its_marks(tmp_path):
    pytest.importorskip('nbgrader', reason='nbgrader is not installed: pip install -e ".[course]"')
    folder = tmp_path/'course'
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns('__pycache__'))
    generate, *rest = commands()
    run(generate, folder)
    for name in ('psf', 'trajectory', 'photograph_gamma'): same_release(folder, name)
    (folder/'downloaded'/'week1'/'archive').mkdir(parents=True)
    answers, points = class_of_three()
    for student, answered in answers.items(): hand_in(folder, student, answered)
    assert apart(run_all, [release(folder), *rest], folder, server()) == points
    assert len(list((folder/'exchange'/'deblurring'/'outbound'/'week1').glob('*.ipynb'))) == 3
    assert sorted(path.relative_to(folder/'feedback').as_posix() for path in (folder/'feedback').rglob('*.html')) == [
        f'{student}/week1/{name}.html' for student in ('ada', 'bob', 'eve') for name in ('photograph_gamma', 'psf', 'trajectory')]
    assert 'sums to 3.000, not to 1' in (folder/'feedback'/'eve'/'week1'/'psf.html').read_text(encoding='utf-8')
    assert len((folder/'grades.csv').read_text(encoding='utf-8').strip().split('\n')) == 1 + 3

def same_release(folder, name):
    "What nbgrader hands out is what `check.py --new` writes."
    made = [check.source(cell) for cell in check.read(folder/'release'/'week1'/f'{name}.ipynb')['cells']]
    assert made == [check.source(cell) for cell in check.release(exercise(f'week1/{name}'))['cells']]

def release(folder):
    "The command that hands out by nbgrader's exchange, where there is one."
    exchange = folder/'exchange'
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    return f'nbgrader release_assignment week1 --Exchange.root={exchange}'

@pytest.mark.long
def test_nbgrader_takes_all_of_them_as_they_are():
    "Their metadata are in order, and what its own steps leave of them is what `check.py --new` writes."
    pytest.importorskip('nbgrader', reason='nbgrader is not installed: pip install -e ".[course]"')
    import nbformat
    from nbgrader.preprocessors import CheckCellMetadata, ClearHiddenTests, ClearSolutions
    for name in NAMES:
        notebook = nbformat.read(check.SOURCE/f'{name}.ipynb', as_version=4)
        for step in (CheckCellMetadata(), ClearSolutions(), ClearHiddenTests()): notebook, _ = step.preprocess(notebook, {})
        assert [cell.source for cell in notebook.cells] == [check.source(cell) for cell in check.release(exercise(name))['cells']], name
