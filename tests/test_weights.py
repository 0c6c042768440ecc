"""The shipped weights: small, described, and as good on the sample photos as their card says, to the digit."""
import csv, json, re, runpy
from pathlib import Path

import pytest

from deblur_nb.restore import pretrained
from deblur_nb.settings import DEFAULT_WEIGHTS
from running import apart

pytestmark = pytest.mark.long

SAMPLES = Path(__file__).parent.parent/'data_samples'

def measure(names):
    "{network: its rows}, the blurred photos measured once for all."
    expected = runpy.run_path(str(SAMPLES/'make_expected.py'))
    return {name: expected['measure'](name) for name in names}

@pytest.fixture(scope='module')
def measured(request):
    "The rows of the networks that are asked for."
    asked = [item.callspec.params for item in request.session.items if item.path == request.path and 'measured' in item.fixturenames]
    return apart(measure, sorted({params['folder'].name for params in asked}))

every_network = pytest.mark.parametrize('folder', sorted((SAMPLES/'weights').iterdir()), ids=lambda folder: folder.name)

@every_network
def test_files(folder):
    assert sum(path.stat().st_size for path in folder.iterdir()) < 12_000_000
    assert {path.name for path in folder.iterdir()} == {'config.json', 'expected.csv', 'model.safetensors', 'README.md'}
    assert json.loads((folder/'config.json').read_text())['note'] == pretrained(folder.name).note != ''
    assert f'data_samples/weights/{folder.name}/README.md' in (SAMPLES.parent/'README.md').read_text(encoding='utf-8') # the README's table has them all

def test_the_default_is_under_the_kits_licence():
    card = (SAMPLES/'weights'/DEFAULT_WEIGHTS/'README.md').read_text(encoding='utf-8')
    assert '\nlicense: apache-2.0\n' in card

@every_network
def test_the_card_says_what_the_weights_do(folder, measured):
    "The card's table of the sample photos, made again (to 0.05 dB: processors round differently)."
    found = re.search(r'sample photos[^\n]*?gain of \*\*([+-][\d.]+) dB\*\*[^\n]*?worst[^\n]*?([+-][\d.]+) dB', (folder/'README.md').read_text())
    assert found, 'the card has no line on the sample photos'
    psnr = {(row['photo'], row['method']): float(row['psnr']) for row in measured[folder.name]}
    gains = [psnr[photo, 'restored'] - psnr[photo, 'blurred'] for photo, method in psnr if method == 'blurred']
    assert len(gains) == 8
    assert sum(gains)/8 == pytest.approx(float(found[1]), abs=.05)
    assert min(gains) == pytest.approx(float(found[2]), abs=.05)

# What another processor's rounding may move: the network's floats differ in the seventh digit, so a pixel here and there falls to the next of 256 levels.
# Other convolution kernels and double precision moved PSNR by 0.00002 dB, SSIM and VIF by 0.000005, and NIQE, which hangs on single pixels of flat areas, by 0.004;
# bfloat16 moves PSNR by 0.006 dB and is to be noticed.
TOLERANCE = dict(psnr=.004, niqe=.05)

@every_network
def test_no_number_has_moved(folder, measured):
    "Every metric of every sample photo, blurred and restored, is what data_samples/make_expected.py wrote down."
    with open(folder/'expected.csv', newline='', encoding='utf-8') as file: written = list(csv.DictReader(file))
    rows = measured[folder.name]
    assert [list(row) for row in rows] == [list(row) for row in written] and len(written) == 16
    moved = []
    for now, then in zip(rows, written):
        assert (now['photo'], now['method']) == (then['photo'], then['method'])
        assert [name for name, score in now.items() if score == ''] == (['ms_ssim'] if then['photo'] == 'text' else []) # 161 pixels are needed
        moved += [f"{then['photo']}, {then['method']}: {name} {then[name]} -> {score}" for name, score in now.items()
                  if name not in ('photo', 'method') and score and not abs(float(score) - float(then[name])) <= TOLERANCE.get(name, 1e-4)]
    assert not moved, 'These numbers have moved; if that is meant, run data_samples/make_expected.py and change the card:\n' + '\n'.join(moved)
