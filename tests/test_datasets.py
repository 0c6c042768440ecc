"""The readers of data sets on real pairs. The pairs are not in the repository: they are looked for in $DEBLUR_NB_DATA and in ../shared/data."""
import csv, os
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.io import savemat

from deblur_nb.blur import blur
from deblur_nb.data import FolderPairs, PhotoStore, pair_dataloaders
from deblur_nb.data import gopro, kohler, levin
from deblur_nb.photos import save_photo, to_image
from deblur_nb.metrics import psnr

pytestmark = pytest.mark.long

TOP = Path(__file__).parent.parent
DATA = Path(os.environ.get('DEBLUR_NB_DATA') or TOP.parent/'shared'/'data')
PAIRS = DATA/'pairs_dev'
needs_pairs = pytest.mark.skipif(not (PAIRS/'PAIRS.csv').exists(), reason='no real pairs here: they are looked for in $DEBLUR_NB_DATA and in ../shared/data')

def listed(source):
    "What PAIRS.csv says of each pair of a source."
    with (PAIRS/'PAIRS.csv').open() as file: return [row for row in csv.DictReader(file) if row['source'] == source]

def quality(pairs): return [psnr(blurred[None], sharp[None]).item() for blurred, sharp in (pairs[i] for i in range(len(pairs)))]

@needs_pairs
@pytest.mark.parametrize('source', ['gopro_full', 'gopro_avg', 'gopro_crops256', 'levin', 'lai_uniform'])
def test_real_pairs_have_the_quality_that_is_listed(source):
    rows, pairs = listed(source), FolderPairs(PAIRS/source)
    assert [f'{pairs.name(i)}.png' for i in range(len(pairs))] == [row['file'] for row in rows]
    assert quality(pairs) == pytest.approx([float(row['psnr']) for row in rows], abs=.05)

@needs_pairs
def test_real_pairs_in_the_layout_of_gopro(tmp_path):
    rows = listed('gopro_full')
    for row in rows:
        for side in ('blur', 'sharp'):
            (place := tmp_path/'test'/row['scene'].partition('(')[0]/side).mkdir(parents=True, exist_ok=True)
            (place/row['file']).symlink_to((PAIRS/'gopro_full'/side/row['file']).resolve())
    pairs = gopro(tmp_path, 'test')
    of = {row['file'].removesuffix('.png'): float(row['psnr']) for row in rows}
    assert quality(pairs) == pytest.approx([of[pairs.name(i).split('/')[1]] for i in range(len(pairs))], abs=.05)
    small = gopro(tmp_path, 'test', shrink=2)
    assert small[0][0].shape == (3, 360, 640)

@needs_pairs
def test_real_pairs_in_the_layout_of_levin(tmp_path):
    rows, plain = listed('levin'), levin(PAIRS/'levin') # two folders, which the reader takes, too
    for i, row in enumerate(rows):
        y, x = ((side[0].double().numpy() + 1)/2 for side in plain[i])
        shake = row['kernel'].removeprefix('levin')[0]
        savemat(tmp_path/f"im0{5 + i//8}_flit0{shake}.mat", dict(x=x, y=y, f=np.load(DATA/'kernels'/f'levin{shake}.npy')))
    pairs = levin(tmp_path)
    assert quality(plain) == pytest.approx([float(row['psnr']) for row in rows], abs=.05)
    assert quality(pairs) == pytest.approx(quality(plain), abs=1e-3)
    for i in range(len(pairs)): # and the kernels explain the photos
        kernel, (blurred, sharp) = pairs.kernel(i), pairs[i]
        inner, edge = blur(sharp[None], kernel, 'valid'), kernel.shape[-1]//2
        assert psnr(inner, blurred[None, :, edge:-edge, edge:-edge]).item() > 36, pairs.name(i)

@pytest.mark.skipif(not (DATA/'real_blurred_dev'/'kohler').is_dir(), reason='no real photos of Köhler here: they are looked for in $DEBLUR_NB_DATA and in ../shared/data')
def test_kohler_without_its_frames_says_so():
    with pytest.raises(FileNotFoundError, match='is not the data set Köhler: there is no (photo|folder)'): kohler(DATA/'real_blurred_dev'/'kohler')

# What happens in a long run

def test_workers_read_what_one_process_reads(tmp_path):
    for name in ('blur', 'sharp'):
        (tmp_path/name).mkdir()
        for i in range(3): save_photo(to_image(torch.rand(3, 40, 50, generator=torch.Generator().manual_seed(i))*2 - 1), tmp_path/name/f'{i}.png')
    def batches(workers):
        dls = pair_dataloaders(FolderPairs(tmp_path, crop=24, items=8, train=True), FolderPairs(tmp_path), 4, workers=workers)
        return [torch.cat([torch.cat(list(batch)) for batch in dls.train]) for _ in range(2)]
    alone, helped = batches(0), batches(2)
    assert all(map(torch.equal, alone, helped)) and not torch.equal(*alone)

def test_a_photo_that_is_decoded_is_kept_up_to_a_limit(tmp_path):
    for i in range(3): save_photo(to_image(torch.zeros(3, 10, 10)), tmp_path/f'{i}.png')
    store = PhotoStore(tmp_path, keep=700)
    assert [store[i].shape for i in (0, 1, 2, 0)] == [(3, 10, 10)]*4 and list(store.kept) == [0, 1]

@pytest.mark.parametrize('known', [False, True])
def test_restored_photos_are_shown_with_or_without_their_answer(known, monkeypatch):
    import deblur_nb.data.loaders as loaders
    photos, shown, sheets = torch.zeros(2, 3, 40, 40), [], []
    dls = pair_dataloaders([(photo, photo) for photo in photos], [(photo, photo) for photo in photos], 2)
    monkeypatch.setattr(loaders, 'show_images', lambda *args, **how: sheets.append(args))
    monkeypatch.setattr(loaders, 'display', shown.append)
    batch = dls.test_dl([(photo, photo) if known else photo for photo in photos], bs=2).one_batch()
    dls.valid.show_results(batch, batch[0])
    (images, titles), = sheets
    assert len(shown) == 1 and len(images) == 6 - 2*(not known)
    assert list(dict.fromkeys(titles)) == ['blurred', 'restored', 'sharp'][:2 + known]
