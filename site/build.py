"""Build the site: the notebooks as pages, the API, search, and a page that restores photos in the reader's browser.

    pip install -e ".[site]" && python site/build.py

It lands in build/site/html; `deblur-lab --docs` opens it, without a connection. Needs npm for the equations and for the page that restores
photos; without it (or with --no-npm) the site is built without them, and says so."""
import argparse, hashlib, importlib, inspect, json, os, posixpath, pkgutil, re, shutil, subprocess, sys
from pathlib import Path

import nbformat

SITE = Path(__file__).resolve().parent
TOP = SITE.parent
NBS = TOP / 'nbs'
KEPT = TOP / 'build' / 'kept' # from one build to the next: what npm has installed, and the network's file
PICTURES = ('.png', '.jpg', '.gif', '.svg')
SHOWN = ('.ipynb', '.md', *PICTURES)
WINGS = ['settings', 'photos', 'blur', 'data', 'models', 'losses', 'metrics', 'training', 'restore', 'evaluation', 'lab', 'cli']

def repository():
    "The address of the repository, from pyproject.toml."
    found = re.search(r'^Repository = "([^"]+)"', (TOP / 'pyproject.toml').read_text(encoding='utf-8'), re.M)
    return found[1].rstrip('/')

# Notebooks as pages

def led_home(text, page):
    "Links of a page below nbs/: those to other pages stay, those to other files of the repository lead to its web page."
    def lead(link):
        target, _, part = link[2].partition('#')
        place = posixpath.normpath(posixpath.join('nbs', posixpath.dirname(page), target))
        if place == 'nbs/index.ipynb': return f'{link[1]}(/index.md)'
        if place.startswith('nbs/') and place.endswith(SHOWN) and is_page(TOP / place): return link[0]
        kind = 'tree' if (TOP / place).is_dir() else 'blob'
        return f'{link[1]}({repository()}/{kind}/main/{place}{"#" + part if part else ""})'
    return re.sub(r'(\[[^\]]*\])\((?![a-z]+:|#|<)([^)\s]+)\)', lead, text)

def shown(cell):
    "A code cell as a page shows it; None where it is not shown."
    if re.search(r'^#\| *(hide|default_exp|nbdev)', cell.source, re.M): return None
    cell.source = re.sub(r'^#\|.*\n?', '', cell.source, flags=re.M).strip()
    if cell.metadata.get('jupyter', {}).get('source_hidden'): cell.metadata.setdefault('tags', []).append('hide-input')
    cell.outputs = [output for output in cell.outputs if 'application/vnd.jupyter.widget-view+json' not in output.get('data', {})]
    return cell if cell.source else None

def module_line(notebook, page):
    "Which module a notebook makes, with a link to its description."
    source = f'[this notebook]({repository()}/blob/main/nbs/{page})'
    for cell in notebook.cells:
        found = re.search(r'^#\| *default_exp +(\S+)', cell.source, re.M)
        if found and not found[1].endswith('__init__'): return f'`deblur_nb.{found[1]}`: [its names](/api/{found[1]}.md) · {source}'
    return source

def as_page(path):
    "The notebook of a page."
    page = path.relative_to(NBS).as_posix()
    notebook = nbformat.read(path, 4)
    line = module_line(notebook, page)
    live = any('application/vnd.jupyter.widget-view+json' in output.get('data', {}) for cell in notebook.cells for output in cell.get('outputs', []))
    if path in sessions(): line += f' · <a href="../slides/{path.stem}.html">as slides</a>'
    if live: line += '\n\n:::{note}\nThe widgets of this page are alive in JupyterLab: `deblur-lab`.\n:::'
    for cell in notebook.cells:
        if cell.cell_type == 'markdown': cell.source = led_home(cell.source, page)
    cells = [cell if cell.cell_type != 'code' else shown(cell) for cell in notebook.cells]
    notebook.cells = [cell for cell in cells if cell]
    title = notebook.cells[0]
    title.source += f'\n\n{line}'
    for cell in notebook.cells: cell.metadata.pop('execution', None)
    notebook.metadata['kernelspec'] = dict(name='python3', display_name='Python 3', language='python')
    return notebook

def is_page(path):
    parts = path.relative_to(NBS).parts
    return not any(part.startswith(('.', '_')) for part in parts) and (path.name == 'README.md' or 'exercises' not in parts) and path.name not in ('index.ipynb', 'page.ipynb')

def toctree(pages, caption=None):
    head = [f':caption: {caption}'] if caption else []
    return '\n'.join(['```{toctree}', ':hidden:', *head, '', *pages, '```'])

def write_pages(source):
    "All notebooks and texts below nbs/; returns the pages by folder."
    pages = {}
    for path in sorted(path for pattern in ('*.ipynb', '*.md') for path in NBS.rglob(pattern) if is_page(path)):
        page = path.relative_to(NBS)
        target = source / page
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == '.md': target.write_text(led_home(path.read_text(encoding='utf-8'), page.as_posix()), encoding='utf-8')
        else: nbformat.write(as_page(path), target)
        pages.setdefault(page.parent.as_posix(), []).append(f'/{page.with_suffix("").as_posix()}')
    for path in (path for path in NBS.rglob('*') if path.suffix in PICTURES and is_page(path)):
        target = source / path.relative_to(NBS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return pages

def lead_through(source, pages):
    "Each wing's overview leads to its notebooks."
    for folder, names in pages.items():
        faces = [name for name in names if re.match(r'/\d\d_\w+/0+_', name)]
        if not faces: continue
        path = source / f'{faces[0][1:]}.ipynb'
        notebook = nbformat.read(path, 4)
        notebook.cells.append(nbformat.v4.new_markdown_cell(toctree([name for name in by_number(names) if name not in faces])))
        nbformat.write(notebook, path)

def by_number(names): return sorted(names, key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r'(\d+)', name)])

# Slides

def page_links(text, page, root='..'):
    "Links to other pages of the site, as links from a page that nobody but us makes."
    def lead(link):
        target, _, part = link[2].partition('#')
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
        return f'{link[1]}({root}/{re.sub("[.](ipynb|md)$", ".html", place)}{"#" + part if part else ""})'
    return re.sub(r'(\[[^\]]*\])\((?![a-z]+:|#|<)([^)\s]+)\)', lead, led_home(text, page))

def sessions(): return sorted((NBS / 'course').glob('week*.ipynb'))

def write_slides(folder):
    "The sessions of the course as slides, by nbconvert, with reveal.js from beside them."
    from nbconvert import SlidesExporter
    from traitlets.config import Config
    how = dict(template_name='slides', extra_template_basedirs=[str(SITE)], reveal_url_prefix='../_static/reveal', reveal_theme='white')
    exporter = SlidesExporter(config=Config(SlidesExporter=how))
    folder.mkdir(parents=True)
    for path in sessions():
        page, notebook = path.relative_to(NBS).as_posix(), nbformat.read(path, 4)
        kept = [shown(cell) if cell.cell_type == 'code' else cell for cell in notebook.cells]
        notebook.cells = [cell for cell in kept if cell and 'images/colab.svg' not in cell.source]
        for cell in notebook.cells:
            if cell.cell_type == 'markdown': cell.source = page_links(cell.source, page)
        text, _ = exporter.from_notebook_node(notebook, dict(metadata=dict(name=path.stem)))
        (folder / f'{path.stem}.html').write_text(text, encoding='utf-8')

# The API

def described(name, thing):
    "One public name in Markdown: how it is called, with a comment a parameter, and its docstring."
    from nbdev.showdoc import BasicMarkdownRenderer
    try: text = BasicMarkdownRenderer(thing)._repr_markdown_() if callable(thing) else f'`{name}`'
    except NameError: text = f'```python\n{name}{inspect.signature(thing)}\n```\n\n{inspect.getdoc(thing)}' # a type that is imported when it is needed
    text = re.sub(r'^---\s*\n|^\[source\].*\n|^#+ .*\n', '', text, flags=re.M).strip()
    if inspect.isclass(thing): text = text.replace('def ', 'class ', 1).replace(')->None:', ')', 1)
    return f'## {name}\n\n{text}\n'

def methods(thing):
    "(name, method) of what a class adds and describes."
    if not inspect.isclass(thing): return []
    return [(name, getattr(thing, name)) for name, found in vars(thing).items()
            if not name.startswith('_') and inspect.isfunction(found) and inspect.getdoc(found)]

def api_page(module):
    loaded = importlib.import_module(f'deblur_nb.{module}')
    own = [(name, getattr(loaded, name)) for name in getattr(loaded, '__all__', []) if hasattr(loaded, name)]
    if not own or 'lazy_loader' in vars(loaded): return None
    parts = [f'# deblur_nb.{module}\n', f'> {(loaded.__doc__ or "").strip()}\n']
    for name, thing in own:
        if inspect.ismodule(thing): continue
        parts.append(described(name, thing))
        parts += [described(f'{name}.{inner}', method).replace('## ', '### ', 1) for inner, method in methods(thing)]
    return '\n'.join(parts)

def modules():
    "All modules of the package, in the order of the wings."
    import deblur_nb
    names = [info.name.removeprefix('deblur_nb.') for info in pkgutil.walk_packages(deblur_nb.__path__, 'deblur_nb.') if not info.name.split('.')[-1].startswith('_')]
    return sorted(names, key=lambda name: (WINGS.index(name.split('.')[0]), name))

def write_api(source):
    (source / 'api').mkdir()
    rows, written = [], []
    for module in modules():
        page = api_page(module)
        if page is None: continue
        (source / 'api' / f'{module}.md').write_text(page, encoding='utf-8')
        written.append(f'/api/{module}')
        rows.append(f'| [`deblur_nb.{module}`](/api/{module}.md) | {(importlib.import_module(f"deblur_nb.{module}").__doc__ or "").strip()} |')
    text = '\n'.join(['# The API', '', '> Every public name, from its docstring. A wing hands on the names of its modules: `from deblur_nb.restore import restore`.', '', '| module | |', '|---|---|', *rows, '', toctree(written)])
    (source / 'api' / 'index.md').write_text(text, encoding='utf-8')

# The front page

def by_syllabus(names):
    "The pages of the course: the syllabus, then in the order in which it names them, then the others."
    syllabus = (NBS / 'course' / '0_syllabus.md').read_text(encoding='utf-8')
    order = ['/course/0_syllabus', *(f'/course/{name}' for name in re.findall(r'\(([\w/]+)\.(?:ipynb|md)[#)]', syllabus))]
    return sorted(by_number(names), key=lambda name: order.index(name) if name in order else len(order))

def front(pages, try_it):
    "index.md: restore a photo, then three doors."
    begin = (SITE / 'front.md').read_text(encoding='utf-8')
    widget = (SITE / 'try.html').read_text(encoding='utf-8') if try_it else ''
    course = by_syllabus(pages['course'] + pages.get('course/exercises', []))
    papers, benchmarks = by_number(pages['papers']), by_number(pages['benchmarks'])
    wings = ['/00_settings', *(name for folder in by_number(pages) for name in pages[folder] if re.match(r'/\d\d_\w+/0+_', name))]
    trees = [toctree(course, 'The course'), toctree(papers, 'The papers'),
             toctree(wings, 'The kit, wing by wing'), toctree(benchmarks, 'Benchmarks'), toctree(['/api/index'], 'Reference')]
    return '\n\n'.join([begin.replace('<!-- try -->', widget).replace('REPOSITORY', repository()), *trees])

# What npm brings

def npm(folder):
    "Install what package-lock.json names, into `folder`, if it is not there yet; False where there is no npm."
    if not shutil.which('npm'): return False
    done, lock = folder / 'done', (SITE / 'package-lock.json').read_bytes()
    if done.exists() and done.read_bytes() == lock: return True
    done.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ('package.json', 'package-lock.json'): shutil.copyfile(SITE / name, folder / name)
    run = subprocess.run(['npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], cwd=folder, capture_output=True, text=True)
    if run.returncode: print(f'npm could not install: {(run.stderr or run.stdout).strip().splitlines()[-1:]}', file=sys.stderr)
    else: done.write_bytes(lock)
    return run.returncode == 0

def write_network(path):
    "The shipped network as an ONNX file, and what the page must know of it; made anew where the weights, our code or torch are others than before."
    import torch
    from deblur_nb.restore import pretrained, to_onnx, weights_folder
    from deblur_nb.settings import DEFAULT_WEIGHTS
    model = pretrained()
    weights = [weights_folder(DEFAULT_WEIGHTS) / name for name in ('config.json', 'model.safetensors')]
    parts = [*sorted((TOP / 'deblur_nb' / 'models').glob('*.py')), TOP / 'deblur_nb' / 'restore' / 'onnx.py', *weights]
    known = hashlib.sha256(torch.__version__.encode() + b''.join(part.read_bytes() for part in parts)).hexdigest()
    kept = KEPT / f'network-{known[:16]}.onnx'
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        for old in KEPT.glob('network-*.onnx'): old.unlink()
        to_onnx(model, kept)
    shutil.copyfile(kept, path / 'network.onnx')
    facts = dict(multiple=model.multiple, smallest=max(model.smallest, 2 * model.multiple))
    (path / 'network.json').write_text(json.dumps(facts))

def write_runtime(static, modules):
    "The equations' script, and the runtime, the network and a photo for the page that restores."
    for name, files in {'mathjax': ['mathjax/es5/tex-svg.js'], 'try': [f'onnxruntime-web/dist/{name}' for name in ('ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm')]}.items():
        (static / name).mkdir(parents=True)
        for file in files: shutil.copy(modules / file, static / name)
    reveal = modules / 'reveal.js' / 'dist' # one theme: others ask for fonts elsewhere
    shutil.copytree(reveal / 'theme' / 'fonts', static / 'reveal' / 'dist' / 'theme' / 'fonts')
    for name in ('reveal.js', 'reveal.css', 'theme/white.css'): shutil.copy(reveal / name, static / 'reveal' / 'dist' / name)
    write_network(static / 'try')
    shutil.copyfile(TOP / 'data_samples' / 'blurred' / 'astronaut.png', static / 'try' / 'sample.png')
    for name in ('try.js', 'worker.js'): shutil.copy(SITE / name, static / 'try')

def write_static(static, npm_folder, wanted):
    static.mkdir(parents=True)
    shutil.copy(SITE / 'site.css', static)
    if not (wanted and npm(npm_folder)):
        print('Built without npm: equations stay in TeX, the front page cannot restore photos, and the slides do not move. Install Node.js for them.', file=sys.stderr)
        return False
    write_runtime(static, npm_folder / 'node_modules')
    return True

# All of it

def build(out, with_npm=True, jobs=1):
    "The site in out/html; returns that folder. Raises `SystemExit` with the warnings where a link or a page is broken."
    source, html = out / 'source', out / 'html'
    for folder in (source, html): shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    try_it = write_static(source / '_static', KEPT / 'npm', with_npm)
    pages = write_pages(source)
    lead_through(source, pages)
    write_api(source)
    (source / 'index.md').write_text(front(pages, try_it), encoding='utf-8')
    for name in ('conf.py', 'icon.svg'): shutil.copy(SITE / name, source)
    (source / '_templates').mkdir()
    shutil.copy(SITE / 'sidebar.html', source / '_templates')
    environment = os.environ | dict(DEBLUR_NB_SITE_REPOSITORY=repository())
    command = [sys.executable, '-m', 'sphinx', '-q', '-W', '--keep-going', '-j', str(jobs), '-d', str(out / 'doctrees'), str(source), str(html)]
    if subprocess.run(command, env=environment).returncode: raise SystemExit('The site has the faults above.')
    write_slides(html / 'slides')
    return html

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--out', type=Path, default=TOP / 'build' / 'site', help='folder to build in (default: build/site)')
    parser.add_argument('--no-npm', action='store_true', help='without what npm brings: equations stay in TeX, and no page restores photos')
    parser.add_argument('--jobs', type=int, default=1, help='processes of Sphinx (default: 1)')
    args = parser.parse_args()
    html = build(args.out.resolve(), not args.no_npm, args.jobs)
    print(f'The site is in {html}: deblur-lab --docs opens it.')

if __name__ == '__main__': main()
