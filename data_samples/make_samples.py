"""Make the sample photos again: `python data_samples/make_samples.py [FOLDER]` (default: next to this script).

sharp/    photos that come with scikit-image, at most 352 pixels a side
blurred/  the same, each blurred by its own camera-shake kernel (Algorithm 1, public variant), 8 bits, no noise
kernels/  those kernels, (17, 17) float32, sum 1; their longer sides run from 7 to 15 pixels
shaken/   a photo that was really taken with a moving camera; nobody knows its kernel or the sharp photo

`python data_samples/make_samples.py --train ORIGINALS [FOLDER]` makes train/ from the photos that LICENCES.md names, all in one folder:
at most 512 pixels a side, whole or a part; and dead leaves, which need no original. What is not there is left out, with a word.
"""
import shutil, sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import skimage
import torch
from PIL import Image

from deblur_nb.blur import photograph
from deblur_nb.data import picture_of_leaves
from deblur_nb.photos import as_photo, open_photo, save_photo, to_array, to_pil, to_tensor, write_whole
from deblur_nb.blur import psf, trajectories
from deblur_nb.settings import rng

PHOTOS = 'astronaut.png', 'camera.png', 'chelsea.png', 'coffee.png', 'coins.png', 'hubble_deep_field.jpg', 'rocket.jpg', 'text.png'
SIDE, SIZE, SEED = 352, 17, 42

def shrunk(photo):
    "The photo with its longer side at most `SIDE` pixels; grey stays grey."
    image = to_pil(photo)
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return as_photo(image)

def main(folder):
    source = Path(skimage.__file__).parent/'data'
    for name in ('sharp', 'blurred', 'kernels', 'shaken'): (folder/name).mkdir(parents=True, exist_ok=True)
    extents = torch.linspace(7, 15, len(PHOTOS))
    kernels = psf(trajectories(len(PHOTOS), 'public', rng=rng(SEED)), SIZE, extents)
    for file, kernel in zip(PHOTOS, kernels):
        name, sharp = Path(file).stem, shrunk(open_photo(source/file))
        blurred = photograph(to_tensor(sharp)[None], kernel)
        save_photo(sharp, folder/'sharp'/f'{name}.png')
        save_photo(replace(sharp, pixels=to_array(blurred)), folder/'blurred'/f'{name}.png')
        buffer = BytesIO()
        np.save(buffer, kernel.numpy())
        write_whole(folder/'kernels'/f'{name}.npy', buffer.getvalue())
    shutil.copyfile(source/'clock_motion.png', folder/'shaken'/'clock_motion.png')

TRAIN_SIDE, LEAVES = 512, 6
PARTS = dict( # {photo: (the photo it is a part of, left, top, side), in pixels of the original}
    brook_stones=('brook', 900, 900, 1024), brook_leaves=('brook', 1900, 150, 1024), peaks_path=('peaks', 300, 1400, 1024),
    dogs_fur=('dogs', 500, 450, 1024), sunset_heath=('sunset', 400, 1800, 1024), dandelion_seeds=('dandelion', 1000, 300, 1280),
    meadow_trees=('meadow', 0, 900, 1024), fig_concrete=('fig', 0, 900, 800))

def originals_of(text):
    "{photo: file name of its original}, of the table in LICENCES.md."
    rows = [[cell.strip(' `') for cell in line.split('|')] for line in text.splitlines() if line.startswith('| `') and line.count('|') == 6]
    return {row[1]: row[2] for row in rows}

def put(image, file):
    "A picture of at most 512 pixels a side."
    image.thumbnail((TRAIN_SIDE, TRAIN_SIDE), Image.Resampling.LANCZOS)
    image.save(file, quality=90, optimize=True, subsampling=0)

def main_train(originals, folder):
    "train/: whole photos, parts of them, dead leaves."
    folder.mkdir(parents=True, exist_ok=True)
    files = originals_of((Path(__file__).parent/'LICENCES.md').read_text(encoding='utf-8'))
    for name in [*files, *PARTS]:
        of, *box = PARTS.get(name, [name])
        if not (file := originals/files[of]).exists(): print(f'{name} is left out: there is no {file}', file=sys.stderr); continue
        image = Image.open(file).convert('RGB')
        put(image.crop((box[0], box[1], box[0] + box[2], box[1] + box[2])) if box else image, folder/f'{name}.jpg')
    for i in range(LEAVES): put(to_pil(as_photo(to_array(picture_of_leaves(i)))), folder/f'leaves_{i}.jpg')

if __name__ == '__main__' and sys.argv[1:2] == ['--train']:
    main_train(Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else Path(__file__).parent/'train')
elif __name__ == '__main__': main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
