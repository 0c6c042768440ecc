"""Write README.md from nbs/index.ipynb, with the saved pictures of its cells in nbs/images/.

    python nbs/make_readme.py
    python nbs/make_readme.py --picture    # runs the README's first command, and makes its picture of what it wrote

nbdev's own command for this needs Quarto; this one needs nbconvert alone, which comes with Jupyter."""
import argparse, posixpath, re, tempfile
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

SHOWN = dict(astronaut=(60, 10), coffee=(60, 4), coins=(60, 0)) # samples, and the left upper corner of what is shown of them
SIDE, GAP = 228, 6 # pixels of a part that is shown, and between two of them

def part(path):
    "A part of a photo, pixel for pixel."
    from PIL import Image
    left, top = SHOWN[path.stem]
    return Image.open(path).convert('RGB').crop((left, top, left + SIDE, top + SIDE))

def with_inset(photo, kernel):
    "The photo with a kernel in its corner, each pixel of it as 3 x 3; a yellow frame around it."
    import numpy as np
    from PIL import Image, ImageOps
    kernel = np.load(kernel)
    kernel = Image.fromarray((255*kernel/kernel.max()).round().astype(np.uint8).repeat(3, 0).repeat(3, 1))
    framed = ImageOps.expand(kernel.convert('RGB'), 1, (255, 220, 0))
    photo.paste(framed, (SIDE - framed.width, SIDE - framed.height))
    return photo

def picture():
    "What the README's first command makes of the samples: above as they are, below restored, with the kernel that was found."
    from PIL import Image
    from deblur_nb.cli.restoring import photo_command
    samples, page = NBS.parent/'data_samples'/'blurred', Image.new('RGB', (len(SHOWN)*(SIDE + GAP) - GAP, 2*SIDE + GAP), 'white')
    with tempfile.TemporaryDirectory() as folder:
        if photo_command([str(samples), '--save-kernel', '--out', folder]): raise SystemExit('the first command of the README failed')
        for i, name in enumerate(SHOWN):
            after = with_inset(part(Path(folder, f'{name}.png')), Path(folder, f'{name}-kernel.npy'))
            page.paste(part(samples/f'{name}.png'), (i*(SIDE + GAP), 0))
            page.paste(after, (i*(SIDE + GAP), SIDE + GAP))
    return page

def main():
    parser = argparse.ArgumentParser(description='Write README.md from nbs/index.ipynb.')
    parser.add_argument('--out', type=Path, default=NBS.parent, help='folder to write to (default: the top of the repository)')
    parser.add_argument('--picture', action='store_true', help='run the first command on the samples and make its picture, nbs/images/restored.jpg')
    args = parser.parse_args()
    folder = args.out
    if args.picture: picture().save(NBS/'images'/'restored.jpg', quality=88, subsampling=0)
    text, pictures = readme()
    shown = {name: content for name, content in pictures.items() if name in text} # nbconvert makes each picture in every format that the notebook saved
    for name, content in {'README.md': text.encode(), **shown}.items():
        (folder/name).parent.mkdir(parents=True, exist_ok=True)
        (folder/name).write_bytes(content)

if __name__ == '__main__': main()
