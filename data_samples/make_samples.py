"""Make the sample photos again: `python data_samples/make_samples.py [FOLDER]` (default: next to this script).

sharp/    photos that come with scikit-image, at most 352 pixels a side
blurred/  the same, each blurred by its own camera-shake kernel (Algorithm 1, public variant), 8 bits, no noise
kernels/  those kernels, (17, 17) float32, sum 1; their longer sides run from 7 to 15 pixels
shaken/   a photo that was really taken with a moving camera; nobody knows its kernel or the sharp photo
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

if __name__ == '__main__': main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
