"""The sample photos: made by their script, blurred by their kernels, each with a licence, and small."""
import runpy
from pathlib import Path

import numpy as np
import pytest

from deblur_nb.blur import photograph
from deblur_nb.data import FolderPairs
from deblur_nb.photos import list_photos, open_photo, to_array

pytestmark = pytest.mark.long

SAMPLES = Path(__file__).parent.parent/'data_samples'
PHOTOS = [path for name in ('sharp', 'blurred', 'shaken') for path in list_photos(SAMPLES/name)]

def test_the_script_makes_them_again(tmp_path):
    runpy.run_path(str(SAMPLES/'make_samples.py'))['main'](tmp_path)
    for path in PHOTOS:
        here, again = (open_photo(top/path.relative_to(SAMPLES)) for top in (SAMPLES, tmp_path))
        assert here.grey == again.grey and np.abs(here.pixels.astype(int) - again.pixels).max() <= 1, path.name # libraries round differently
    for path in (SAMPLES/'kernels').iterdir(): assert np.allclose(np.load(path), np.load(tmp_path/'kernels'/path.name), atol=1e-5), path.name

def test_each_kernel_blurs_its_photo():
    pairs = FolderPairs(SAMPLES)
    assert 6 <= len(pairs) <= 10
    for i, (blurred, sharp) in enumerate(pairs):
        kernel = pairs.kernel(i)
        assert kernel.min() >= 0 and kernel.sum().item() == pytest.approx(1, abs=1e-5)
        assert np.abs(to_array(photograph(sharp[None], kernel)).astype(int) - to_array(blurred)).max() <= 1, pairs.name(i)
        rows, columns = (np.flatnonzero(kernel.sum(dim=axis).numpy() > 1e-6) for axis in (1, 0))
        assert 7 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 16 # between pixels it touches one more

def test_each_photo_is_small_and_has_a_licence():
    licences = (SAMPLES/'LICENCES.md').read_text()
    for path in PHOTOS: assert f'| `{path.stem}`' in licences and max(open_photo(path).size) <= 512, path.name
    assert sum(path.stat().st_size for name in ('sharp', 'blurred', 'shaken', 'kernels') for path in (SAMPLES/name).iterdir()) < 3e6

def test_the_photos_to_learn_from_are_small_and_have_licences():
    licences, files = (SAMPLES/'LICENCES.md').read_text(encoding='utf-8'), list_photos(SAMPLES/'train')
    assert 24 <= len(files) <= 40 and sum(file.stat().st_size for file in files) < 5e6
    for file in files:
        photo = open_photo(file)
        assert f'`{file.stem}`' in licences or file.stem.startswith('leaves_'), file.name
        assert max(photo.size) <= 512 and not photo.grey, file.name
    assert not {file.stem for file in files} & {file.stem for file in list_photos(SAMPLES/'sharp')}
