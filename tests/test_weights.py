"""The shipped weights: small, described, and as good on the sample photos as their card says, to the digit."""
import csv, json, re, runpy
from pathlib import Path

import pytest

from deblur_nb.data import FolderPairs
from deblur_nb.evaluation import blurred_input, evaluate, network, summary
from deblur_nb.restore import pretrained

FOLDER = Path(__file__).parent.parent/'data_samples/weights/deblurgan-small'

def test_files():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 12_000_000
    assert {path.name for path in FOLDER.iterdir()} == {'config.json', 'expected.csv', 'model.safetensors', 'README.md'}
    assert json.loads((FOLDER/'config.json').read_text())['note'] == pretrained().note != ''

def test_the_card_says_what_the_weights_do():
    "The card's table of the sample photos, made again (to 0.05 dB: processors round differently)."
    found = re.search(r'sample photos[^\n]*?gain of \*\*([+-][\d.]+) dB\*\*[^\n]*?worst[^\n]*?([+-][\d.]+) dB', (FOLDER/'README.md').read_text())
    table = summary(evaluate({'blurred input': blurred_input, 'network': network(pretrained())}, FolderPairs(FOLDER.parent.parent), progress=False))
    assert found, 'the card has no line on the sample photos'
    assert table.loc['network', 'psnr_gain'] == pytest.approx(float(found[1]), abs=.05)
    assert table.loc['network', 'psnr_gain_worst'] == pytest.approx(float(found[2]), abs=.05)

# What another processor's rounding may move: the network's floats differ in the seventh digit, so a pixel here and there falls to the next of 256 levels.
# Other convolution kernels and double precision moved PSNR by 0.00002 dB, SSIM and VIF by 0.000005, and NIQE, which hangs on single pixels of flat areas, by 0.004;
# bfloat16 moves PSNR by 0.006 dB and is to be noticed.
TOLERANCE = dict(psnr=.004, niqe=.05)

def test_no_number_has_moved():
    "Every metric of every sample photo, blurred and restored, is what data_samples/make_expected.py wrote down."
    with open(FOLDER/'expected.csv', newline='', encoding='utf-8') as file: expected = list(csv.DictReader(file))
    measured = runpy.run_path(str(FOLDER.parent.parent/'make_expected.py'))['measure']()
    assert [list(row) for row in measured] == [list(row) for row in expected] and len(expected) == 16
    moved = []
    for now, then in zip(measured, expected):
        assert (now.pop('photo'), now.pop('method')) == (then['photo'], then['method'])
        assert [name for name, score in now.items() if score == ''] == (['ms_ssim'] if then['photo'] == 'text' else []) # 161 pixels are needed
        moved += [f"{then['photo']}, {then['method']}: {name} {then[name]} -> {score}" for name, score in now.items()
                  if score and not abs(float(score) - float(then[name])) <= TOLERANCE.get(name, 1e-4)]
    assert not moved, 'These numbers have moved; if that is meant, run data_samples/make_expected.py and change the card:\n' + '\n'.join(moved)
