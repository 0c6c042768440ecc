"""Write README.md from nbs/index.ipynb, with the saved pictures of its cells in nbs/images/.

    python nbs/make_readme.py

nbdev's own command for this needs Quarto; this one needs nbconvert alone, which comes with Jupyter."""
import argparse, posixpath, re
from pathlib import Path

import nbformat
from nbconvert import MarkdownExporter

NBS = Path(__file__).resolve().parent

def from_the_top(text):
    "Links of the notebook, which start at nbs/, as links that start at the top of the repository."
    return re.sub(r'\]\((?![a-z]+:|#)([^)]+)\)', lambda link: f']({posixpath.normpath("nbs/" + link[1])})', text)

def readme():
    "The text of the README, and a dict of its pictures: path -> bytes."
    notebook = nbformat.read(NBS/'index.ipynb', 4)
    notebook.metadata['language_info'] = {'name': 'python'}
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith('#| hide')]
    for cell in notebook.cells:
        if cell.cell_type == 'markdown': cell.source = from_the_top(cell.source)
    text, made = MarkdownExporter().from_notebook_node(notebook, {'output_files_dir': 'nbs/images'})
    return re.sub(r'\n{3,}', '\n\n', text).strip() + '\n', made['outputs']

def main():
    parser = argparse.ArgumentParser(description='Write README.md from nbs/index.ipynb.')
    parser.add_argument('--out', type=Path, default=NBS.parent, help='folder to write to (default: the top of the repository)')
    folder = parser.parse_args().out
    text, pictures = readme()
    shown = {name: content for name, content in pictures.items() if name in text} # nbconvert makes each picture in every format that the notebook saved
    for name, content in {'README.md': text.encode(), **shown}.items():
        (folder/name).parent.mkdir(parents=True, exist_ok=True)
        (folder/name).write_bytes(content)

if __name__ == '__main__': main()
