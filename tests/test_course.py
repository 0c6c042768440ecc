"""The course (nbs/course): its sessions have all their parts, its checks can be passed and failed, its times are those of the table."""
import ast, importlib.util, json, re, shutil, subprocess, sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
COURSE = TOP/'nbs'/'course'
SESSIONS = sorted(path.stem for path in COURSE.glob('week*.ipynb'))

def tool(name):
    "A script of the course as a module."
    spec = importlib.util.spec_from_file_location(name, COURSE/f'{name}.py')
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made

badges, measure = tool('badges'), tool('measure')

def cells(notebook, kind=None):
    for cell in json.loads((COURSE/f'{notebook}.ipynb').read_text(encoding='utf-8'))['cells']:
        if kind in (None, cell['cell_type']): yield ''.join(cell['source'])

# Sessions

def test_there_are_two_sessions_a_week():
    assert [name[:6] for name in SESSIONS] == [f'week{week}{part}' for week in range(1, 5) for part in 'ab']

@pytest.mark.parametrize('session', SESSIONS)
def test_a_session_has_all_its_parts(session):
    text, code = '\n\n'.join(cells(session, 'markdown')), list(cells(session, 'code'))
    for heading in ('What you can do afterwards', 'Can you follow? Three questions', 'Questions', 'Homework'): assert f'## {heading}' in text, heading
    assert '## Lab' in text and '## Demo' in text
    spans = [(int(begin), int(end)) for begin, end in re.findall(r'^\| (\d+) to (\d+) \|', text, re.M)]
    assert spans[0][0] == 0 and spans[-1][1] == 90 and all(one[1] == other[0] for one, other in zip(spans, spans[1:])), 'the timetable has gaps'
    assert sum('mark_answer(answer' in source for source in code) == 3
    assert text.count('<details>') == text.count('</details>') >= 4
    assert len(re.findall(r'exercises/README\.md', text)) >= 1 and 'One cell to change' in text or session.startswith('week1b')
    assert 600 <= measure.words(session) <= 1100

def test_every_exercise_is_homework_once():
    homework = {}
    for session in SESSIONS:
        last = next(source for source in cells(session, 'markdown') if '## Homework' in source)
        for name in re.findall(r'`(\w+)`', next(line for line in last.split('\n') if 'exercises/README.md' in line)): homework.setdefault(name, []).append(session[:5])
    exercises = {path.stem: path.parent.name for path in COURSE.glob('exercises/source/week*/*.ipynb')}
    assert {name: weeks for name, weeks in homework.items()} == {name: [week] for name, week in exercises.items()}

def anchors(page): return [re.sub(r'[^\w -]', '', title).strip().lower().replace(' ', '-') for title in re.findall(r'^## (.+)', page, re.M)]

def test_terms_lead_to_the_glossary():
    known = anchors((COURSE/'glossary.md').read_text(encoding='utf-8'))
    assert len(known) == len(set(known)) > 35 and sorted(known) == known
    for session in SESSIONS:
        linked = re.findall(r'glossary\.md#([\w-]+)', '\n'.join(cells(session)))
        assert len(linked) >= 3 and not set(linked) - set(known), (session, set(linked) - set(known))

@pytest.mark.parametrize('page', sorted(path.name for path in COURSE.glob('*.md')))
def test_links_of_pages_lead_somewhere(page):
    text = re.sub(r'```.*?```', '', (COURSE/page).read_text(encoding='utf-8'), flags=re.S)
    broken = [link for link in re.findall(r'\]\(([^)#\s]+)', text) if '://' not in link and not (COURSE/link).exists()]
    assert not broken, broken

ANSWERS = dict(
    week1a=[(3, 235, 352), [0, 2, 4, 2, 0], 20], week1b=[.2, .03, 10.5], week2a=['product', .125, 6.02], week2b=[225, True, True],
    week3a=[7*7*3*64 + 64, 7, (1/3, 0)], week3b=[1.5, -2, 160], week4a=[(128**2, False), [1, 2, 4], (4, 1)], week4b=[(1, -1), 32, 3.1])

@pytest.mark.long
@pytest.mark.parametrize('session', SESSIONS)
def test_the_check_can_be_passed_and_failed(session, monkeypatch):
    monkeypatch.chdir(COURSE)
    known, answers = {}, iter(ANSWERS[session[:6]])
    for source in cells(session, 'code'):
        if 'mark_answer(answer' not in source:
            if re.search(r'^(import|from) ', source, re.M) and 'def ' not in source: exec(source, known)
            continue
        right = next(answers)
        marks = [exec_last(source.replace('answer = ...', f'answer = {answer!r}'), known).right for answer in (right, ..., 'no such answer', -12345)]
        assert marks == [True, None, False, False], (session, source, marks)

def exec_last(source, known):
    "What the last statement of a cell gives."
    *before, last = ast.parse(source).body
    exec(compile(ast.Module(before, []), 'cell', 'exec'), known)
    return eval(compile(ast.Expression(last.value), 'cell', 'eval'), known)

CHANGES = [ # what a student changes: the homework, and what comes to mind first
    ('week1a', 'ShakeKernels(31, (21, 21))', 'ShakeKernels(41, (31, 31))'),
    ('week1b', 'torch.cat([steady, steady[-1:].repeat(1000, 1)])', 'torch.cat([steady[:500], steady[500:501].repeat(1000, 1), steady[500:]])'),
    ('week1b', 'repeat(1000, 1)', 'repeat(3000, 1)'),
    ('week2a', '(0, .005, .01, .03)', '(.03, .01, 0)'),
    ('week2a', 'filed = to_8bit(exact.float())', 'filed = torch.round(exact*32767)/32767'),
    ('week3a', 'return blurred + self.layers(blurred)', 'return self.layers(blurred)'),
    ('week3b', 'for shift in range(-3, 4)]', 'for shift in (-3, 3)]'),
    ('week3b', "'clipping', 'no constraint'\n", "'least squares'\n"),
    ('week4a', 'for name in names}\ncut', "for name in names} | {'deblurgan-small': pretrained('deblurgan-small')}\ncut"),
    ('week4b', "'Wiener, true kernel': wiener()", "'Wiener, true kernel': __import__('deblur_nb').evaluation.wrong_kernel(wiener())")]

@pytest.mark.long
@pytest.mark.parametrize('session, old, new', CHANGES)
def test_a_session_runs_when_a_student_changes_a_cell(session, old, new, monkeypatch):
    import matplotlib.pyplot as plt
    monkeypatch.chdir(COURSE)
    monkeypatch.setenv('DEBLUR_NB_PROFILE', 'smoke')
    path, = (name for name in SESSIONS if name.startswith(session))
    sources = [source for source in cells(path, 'code') if not source.startswith('#| eval: false')]
    assert sum(old in source for source in sources) == 1
    known = {}
    for source in sources: exec(source.replace(old, new), known)
    plt.close('all')

# Times

def asked(session, pattern):
    "The numbers that a session names where it fits the pattern."
    return [float(number) for source in cells(session) if (found := re.search(pattern, source)) for number in found.groups()]

def test_the_labs_can_be_set_as_the_sessions_ask():
    "The weights of the penalty, and the lambdas of Wiener's filter, of which the largest is the best with much noise."
    from deblur_nb.lab import RestoreLab, critic_lab, find
    weights, lambdas = asked('week3b_the_game', r'weight to (\d+), then to (\d+)'), asked('week2a_undo_a_known_blur', r'lambdas, noises = \(([.\d]+), .*?, ([.\d]+)\)')
    for box, name, numbers in ((critic_lab(), 'weight', weights), (RestoreLab(blind=False).box, 'noise_to_signal', lambdas)):
        slider = find(box, name)
        assert len(numbers) == 2 and slider.min <= min(numbers) and max(numbers) <= slider.max, (name, numbers, slider.min, slider.max)

def test_the_syllabus_is_as_measured():
    known = measure.times()
    assert {name: words['words'] for name, words in known.items()} == {name: measure.words(name) for name in known}, 'run nbs/course/measure.py'
    for path, text in measure.pages(known).items(): assert path.read_text(encoding='utf-8') == text, f'run nbs/course/measure.py: {path.name}'
    assert measure.table(known, 'nbs/course/') in (TOP/'README.md').read_text(encoding='utf-8'), 'run nbs/make_readme.py'

def test_a_session_runs_in_twelve_minutes():
    known = measure.times()
    assert all((COURSE/f'{notebook}.ipynb').exists() for _, notebook, *_ in measure.SYLLABUS)
    assert all(known[session]['seconds'] <= 12*60 for session in SESSIONS)
    assert set(known) == {notebook for _, notebook, *_ in measure.SYLLABUS}

def test_reading_is_counted():
    assert [measure.minutes_to_read(count) for count in (1, 200, 201)] == [1, 1, 2]
    assert [measure.minutes_to_run(seconds) for seconds in (1, 60, 61)] == [1, 1, 2]

# Badges and the first cell

@pytest.mark.parametrize('notebook', badges.COURSE + badges.LAB)
def test_badges_and_first_cell_are_everywhere_the_same(notebook):
    text = (TOP/notebook).read_text(encoding='utf-8')
    assert json.loads(badges.with_badges(text, notebook)) == json.loads(text), 'run nbs/course/badges.py'
    assert f'/blob/main/{notebook})' in text and f'labpath={notebook.replace("/", "%2F")})' in text

@pytest.mark.parametrize('there, gpu, clone, expected', [
    (('deblur_nb', 'torch'), False, True, []),
    ((), False, True, [['torch', 'torchvision', '--extra-index-url', 'https://download.pytorch.org/whl/cpu'], [str(TOP), 'ipywidgets', 'scikit-image']]),
    (('torch',), True, False, [[f'git+{badges.address()}', 'ipywidgets', 'scikit-image']]),
    (('ipywidgets', 'skimage'), True, False, [[f'git+{badges.address()}']])])
def test_the_first_cell_installs_what_is_missing(there, gpu, clone, expected, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(importlib.util, 'find_spec', lambda name: name in there or None)
    monkeypatch.setattr(shutil, 'which', lambda name: '/usr/bin/nvidia-smi' if gpu else None)
    monkeypatch.setattr(subprocess, 'run', lambda command, check: asked.append(command))
    monkeypatch.chdir(COURSE if clone else tmp_path)
    exec(badges.first_cell(), {})
    assert asked == [[sys.executable, '-m', 'pip', 'install', '-q', *what] for what in expected]

# Slides

@pytest.mark.long
@pytest.mark.parametrize('session', SESSIONS)
def test_a_session_is_a_deck(session):
    from nbconvert import SlidesExporter
    page, _ = SlidesExporter().from_filename(str(COURSE/f'{session}.ipynb'))
    assert page.count('<section>') >= 9 and 'What you can do afterwards' in page and 'data:image/' in page
    assert 'whl/cpu' not in page and 'import deblur_nb.photos.inline' not in page
