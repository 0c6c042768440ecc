"""Check your own answer without nbgrader: python check.py week1/psf my.ipynb (all: python check.py --help).

Also what the tests of the exercises use: it needs Python alone, and the libraries that an exercise imports.
"""
import argparse, json, os, re, sys
from pathlib import Path

SOURCE = Path(__file__).parent/'source'
SOLUTION = re.compile(r'^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION', re.M | re.S)
HIDDEN = re.compile(r'^[ \t]*### BEGIN HIDDEN TESTS\n.*?^[ \t]*### END HIDDEN TESTS\n?', re.M | re.S)
STUB = '# YOUR CODE HERE\nraise NotImplementedError()' # as nbgrader writes it

def names():
    "The exercises that there are, as 'week1/psf'."
    return sorted(path.relative_to(SOURCE).with_suffix('').as_posix() for path in SOURCE.glob('week*/*.ipynb'))

def read(path): return json.loads(Path(path).read_text(encoding='utf-8'))

def source(cell): return ''.join(cell['source'])

def graded(cell): return cell['metadata'].get('nbgrader', {})

def stripped(text):
    "What a student gets of a cell: without the solution and without the hidden tests."
    without = SOLUTION.sub(lambda found: '\n'.join(found[1] + line for line in STUB.split('\n')), text)
    return HIDDEN.sub('', without).rstrip('\n')

def release(notebook):
    "The notebook that students get."
    cells = [cell | dict(source=stripped(source(cell)).splitlines(keepends=True)) for cell in notebook['cells']]
    return notebook | dict(cells=cells)

def answers(notebook):
    "{grade id: source} of the cells that students fill in."
    return {graded(cell)['grade_id']: source(cell) for cell in notebook['cells'] if graded(cell).get('solution')}

def handed_in(exercise, notebook):
    "A student's notebook, cells of their own included, with the exercise's own tests: what nbgrader's autograde runs."
    tests = {graded(cell)['grade_id']: cell for cell in exercise['cells'] if graded(cell).get('grade')}
    return notebook | dict(cells=[tests.get(graded(cell).get('grade_id'), cell) for cell in notebook['cells']])

def grade(notebook, answered):
    """Run an exercise with other answers {grade id: source} in place of the solutions: {grade id of a test: (points that it gives, what failed or '')}.
    A cell that fails does not keep the later ones from running; a test that fails after it says so."""
    space, results, before = {'__name__': '__main__'}, {}, ''
    for cell in notebook['cells']:
        if cell['cell_type'] != 'code': continue
        about = graded(cell)
        failure = run(answered[about['grade_id']] if about.get('solution') else source(cell), space)
        if about.get('grade'): results[about['grade_id']] = about['points'], failure and failure + before
        elif failure: before += f' (before it, the cell {about["grade_id"]!r} fails: {failure})' if about else f' (before it, a cell fails: {failure})'
    return results

def run(text, space):
    "Run a cell's source; returns '' or what failed."
    try: exec(compile(text, '<cell>', 'exec'), space)
    except (Exception, SystemExit) as error: return f'{type(error).__name__}: {error}'
    return ''

def report(results):
    "Lines of text: each test, its points, and what failed."
    for name, (points, failure) in results.items(): yield f'{0 if failure else points}/{points}  {name}' + (f': {failure}' if failure else '')
    yield f'{sum(points for points, failure in results.values() if not failure)} of {sum(points for points, _ in results.values())} points'

def main(arguments=None):
    parser = argparse.ArgumentParser(description='Check an answer to an exercise, with the hidden tests, or write the empty notebook to fill in.',
                                     epilog='example: python check.py --new week1/psf my.ipynb, then fill it in, then python check.py week1/psf my.ipynb')
    parser.add_argument('exercise', choices=names(), metavar='EXERCISE', help='one of ' + ', '.join(names()))
    parser.add_argument('notebook', type=Path, help='your notebook')
    parser.add_argument('--new', action='store_true', help='write the empty notebook instead; it must not exist yet')
    asked = parser.parse_args(arguments)
    exercise = read(SOURCE/f'{asked.exercise}.ipynb')
    if asked.new:
        if asked.notebook.exists(): parser.error(f'{asked.notebook} exists already, and is left as it is.')
        asked.notebook.write_text(json.dumps(release(exercise), ensure_ascii=False, indent=1) + '\n', encoding='utf-8')
        return 0
    return check(parser, exercise, asked.notebook)

def check(parser, exercise, path):
    "Print the report; returns 1 unless all tests pass."
    known = {graded(cell).get('grade_id') for cell in exercise['cells']} - {None}
    try:
        mine = read(path)
        missing = known - {graded(cell).get('grade_id') for cell in mine['cells']}
    except (OSError, ValueError, KeyError, TypeError, AttributeError): parser.error(f'{path} is not a notebook that can be read.')
    if missing: parser.error(f'{path} is not made of this exercise: its cells {sorted(missing)} are missing. Begin with --new.')
    os.environ.setdefault('MPLBACKEND', 'Agg') # a student's own figures open no window
    results = grade(handed_in(exercise, mine), answers(mine))
    print('\n'.join(report(results)))
    return int(any(failure for _, failure in results.values()))

if __name__ == '__main__': sys.exit(main())
