"""The shipped weights: small, described, and as good on the sample photos as their card says."""
import json, re
from pathlib import Path

import pytest

from deblur_nb.data import FolderPairs
from deblur_nb.evaluation import blurred_input, evaluate, network, summary
from deblur_nb.restore import pretrained

FOLDER = Path(__file__).parent.parent/'data_samples/weights/deblurgan-small'

def test_files():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 12_000_000
    assert {path.name for path in FOLDER.iterdir()} == {'config.json', 'model.safetensors', 'README.md'}
    assert json.loads((FOLDER/'config.json').read_text())['note'] == pretrained().note != ''

def test_the_card_says_what_the_weights_do():
    "The card's table of the sample photos, made again (to 0.05 dB: processors round differently)."
    found = re.search(r'sample photos[^\n]*?gain of \*\*([+-][\d.]+) dB\*\*[^\n]*?worst[^\n]*?([+-][\d.]+) dB', (FOLDER/'README.md').read_text())
    table = summary(evaluate({'blurred input': blurred_input, 'network': network(pretrained())}, FolderPairs(FOLDER.parent.parent), progress=False))
    assert found, 'the card has no line on the sample photos'
    assert table.loc['network', 'psnr_gain'] == pytest.approx(float(found[1]), abs=.05)
    assert table.loc['network', 'psnr_gain_worst'] == pytest.approx(float(found[2]), abs=.05)
