"""Nothing waits for libraries that it does not need: what is loaded is counted, module by module, in processes that begin with PyTorch alone."""
import json, os, subprocess, sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
HEAVY = 'fastai', 'pandas', 'matplotlib', 'scipy', 'deepinv', 'huggingface_hub', 'torchvision', 'skimage', 'IPython'
WINGS = sorted(path.parent.name for path in (TOP/'deblur_nb').glob('*/__init__.py'))
NETWORK = 'huggingface_hub' # a generator is a citizen of the hub

# what is done: heavy libraries that it may load
DONE = {f'import deblur_nb.{wing}': {NETWORK} if wing == 'models' else set() for wing in WINGS} | {
    'from deblur_nb.models import DeblurGAN, MultitaskGAN, PatchCritic': {NETWORK},
    'from deblur_nb.training import System, systems': {NETWORK},
    'from deblur_nb.losses import WGANGP, gradient_loss, VGGFeatures': set(),
    'from deblur_nb.metrics import psnr, ssim_gauss, choose_metrics; choose_metrics("all")': set(),
    'from deblur_nb.blur import RotationShake, ShakeKernels, kernels_by_name, photograph; ShakeKernels()(1)': set(),
    'from deblur_nb.data import BlurredPairs, FolderPairs, Recipe, synthesise; FolderPairs(samples)[0]': set(),
    'from deblur_nb.restore import photos_in, pretrained, restore; pretrained()': {NETWORK},
    'from deblur_nb.evaluation import evaluate': {'pandas', NETWORK},
    'from deblur_nb.cli import photo_command; photo_command([small, "--out", out])': {NETWORK, 'scipy'}, # looks for a shake
    'from deblur_nb.cli import photo_command; photo_command([small, "--out", out, "--method", "network"])': {NETWORK},
    'from deblur_nb.cli import photo_command; photo_command([small, "--out", out, "--method", "none"])': set(),
    'from deblur_nb.cli import synthesise_command; synthesise_command([str(sharp), out, "--crop", "32", "--workers", "1"])': set()}

SCRIPT = '''
import json, os, sys
from pathlib import Path
import torch
samples, small, heavy, done = sys.argv[1], sys.argv[2], *map(json.loads, sys.argv[3:5])
for number, what in enumerate(done):
    out, sharp = f'{small}.{number}', Path(small).parent
    if os.fork(): # each begins with torch and nothing else
        if os.wait()[1]: sys.exit(f'{what} fails')
        continue
    silence, said = os.open(os.devnull, os.O_WRONLY), os.dup(1)
    os.dup2(silence, 1)
    exec(what)
    os.write(said, (json.dumps([what, [name for name in heavy if name in sys.modules]]) + '\\n').encode())
    os._exit(0)
'''

IMPORTS = [what for what in DONE if what.startswith('import ')]

@pytest.mark.skipif(not hasattr(os, 'fork'), reason='this system cannot fork')
@pytest.mark.long
@pytest.mark.parametrize('what', [pytest.param(IMPORTS, id='imports'), pytest.param([what for what in DONE if what not in IMPORTS], id='work')])
def test_heavy_libraries_are_loaded_only_where_they_are_needed(what, tmp_path):
    from PIL import Image
    (tmp_path/'photos').mkdir()
    with Image.open(TOP/'data_samples'/'blurred'/'astronaut.png') as photo: photo.crop((0, 0, 64, 48)).save(small := tmp_path/'photos'/'small.png')
    done = subprocess.run([sys.executable, '-c', SCRIPT, TOP/'data_samples', small, json.dumps(HEAVY), json.dumps(what)], cwd=TOP, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    loaded = dict(map(json.loads, done.stdout.splitlines()))
    assert loaded.keys() == set(what)
    needless = {what: sorted(set(names) - DONE[what]) for what, names in loaded.items() if set(names) - DONE[what]}
    assert not needless, needless
