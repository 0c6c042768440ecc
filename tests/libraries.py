"""What processes of the suite begin with: other people's libraries and this package, imported once. A process that is forked from there starts in no time."""
import contextlib, importlib, os, warnings
from pathlib import Path

os.environ.setdefault('MPLBACKEND', 'Agg')
warnings.filterwarnings('ignore', '.*torch.jit.script.*') # from fastai's imports

import deepinv, fastai.callback.all, fastai.data.all, fastai.learner, huggingface_hub, ipywidgets, matplotlib.pyplot, pandas, pyrtools, pytest, safetensors.torch # noqa
import scipy.fft, scipy.io, scipy.ndimage, scipy.optimize, scipy.signal, scipy.stats, skimage.color, skimage.data, skimage.exposure, skimage.metrics # noqa
import skimage.restoration, skimage.transform, tifffile, torch, torch.utils.flop_counter, torchmetrics.image, torchvision, tqdm.auto # noqa
import execnb.shell, nbdev.test # noqa
import IPython.core.magics, matplotlib.backends # noqa

matplotlib.backends.backend_registry.list_all() # what a notebook's shell asks for at its start: otherwise each looks through all installed packages

TOP = Path(__file__).parent.parent
for path in sorted((TOP/'deblur_nb').rglob('*.py')):
    if path.name.startswith('_') or path.name == 'inline.py': continue # that one changes the Jupyter that imports it
    with contextlib.suppress(Exception): importlib.import_module('.'.join(path.relative_to(TOP).with_suffix('').parts)) # a broken one says so where it is needed
