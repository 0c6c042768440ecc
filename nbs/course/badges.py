"""Give each notebook of the course and of the lab its badges and its first cell, which installs what is missing.

    python nbs/course/badges.py

The address is that of `Repository` in pyproject.toml: change it there in a fork, and run this again. Notebooks that have both are written anew;
`--check` writes nothing and fails where that would change something."""
import argparse, hashlib, json, re, sys
from pathlib import Path
from urllib.parse import quote

TOP = Path(__file__).resolve().parents[2]
COURSE = sorted(path.relative_to(TOP).as_posix() for path in (TOP/'nbs'/'course').glob('*.ipynb'))
LAB = sorted(path.relative_to(TOP).as_posix() for path in (TOP/'nbs'/'10_lab').glob('[0-9]*.ipynb'))

CELL = """# On Colab or Binder this installs what is missing. Where the kit is installed it does nothing.
import importlib.util, pathlib, shutil, subprocess, sys

def missing(name): return importlib.util.find_spec(name) is None
def pip(*what): subprocess.run([sys.executable, '-m', 'pip', 'install', '-q', *what], check=True)

if missing('deblur_nb'):
    if missing('torch') and not shutil.which('nvidia-smi'): # no GPU: the small PyTorch
        pip('torch', 'torchvision', '--extra-index-url', 'https://download.pytorch.org/whl/cpu')
    clone = [str(up) for up in pathlib.Path.cwd().parents if (up/'deblur_nb'/'settings.py').exists()]
    kit = clone[:1] or ['git+ADDRESS']
    pip(*kit, *['ipywidgets']*missing('ipywidgets'), *['scikit-image']*missing('skimage'))"""

def address():
    "Where the repository is published, such as https://github.com/owner/name."
    return re.search(r'^Repository = "([^"]+)"', (TOP/'pyproject.toml').read_text(encoding='utf-8'), re.M)[1].rstrip('/')

def first_cell(): return CELL.replace('ADDRESS', address())

def badges(notebook):
    "The line with both badges, for a notebook named by its path in the repository. The pictures are the repository's own."
    place = address().removeprefix('https://github.com/')
    return (f'[![Open in Colab](../images/colab.svg)](https://colab.research.google.com/github/{place}/blob/main/{notebook}) '
            f'[![Open on Binder](../images/binder.svg)](https://mybinder.org/v2/gh/{place}/main?labpath={quote(notebook, safe="")})')

def is_badges(cell): return cell['cell_type'] == 'markdown' and 'images/colab.svg' in ''.join(cell['source'])
def is_first(cell): return cell['cell_type'] == 'code' and ''.join(cell['source']).startswith(CELL.split('\n')[0])

def cell(kind, source, notebook, **metadata):
    "A cell whose id is its notebook's own."
    name = hashlib.sha256(f'{notebook} {kind}'.encode()).hexdigest()[:8]
    made = dict(cell_type=kind, id=name, metadata=metadata, source=source.splitlines(keepends=True))
    return made | (dict(execution_count=None, outputs=[]) if kind == 'code' else {})

def with_badges(text, notebook):
    "The notebook's text with both cells behind its title."
    content, skip = json.loads(text), dict(slideshow=dict(slide_type='skip'))
    title, *rest = [one for one in content['cells'] if not is_badges(one) and not is_first(one)]
    made = [cell('markdown', badges(notebook), notebook, **skip), cell('code', first_cell(), notebook, tags=['hide-input'], **skip)]
    for one, old in zip(made, content['cells'][1:3]): # what is there keeps its id, and what a run has noted
        if is_badges(old) or is_first(old): one |= dict(id=old['id'], metadata=old['metadata'] | one['metadata'])
        if is_first(old): one |= dict(execution_count=old['execution_count'], outputs=old['outputs'])
    content['cells'] = [title, *made, *rest]
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + '\n'

def main():
    parser = argparse.ArgumentParser(description='Give the notebooks of the course, and those of the lab that it uses, their badges and their first cell.')
    parser.add_argument('--check', action='store_true', help='write nothing; fail where something would change')
    parser.add_argument('notebooks', nargs='*', help='paths in the repository (default: all of them)')
    arguments, changed = parser.parse_args(), []
    check = arguments.check
    for notebook in arguments.notebooks or COURSE + LAB:
        path = TOP/notebook
        before = path.read_text(encoding='utf-8')
        after = with_badges(before, notebook)
        if json.loads(after) != json.loads(before): changed.append(notebook)
        if not check: path.write_text(after, encoding='utf-8')
    if changed: print(*changed, sep='\n')
    return 1 if check and changed else 0

if __name__ == '__main__': sys.exit(main())
