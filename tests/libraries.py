"""What processes of the suite begin with: other people's libraries, imported once. A process that is forked from there starts in no time."""
import os, warnings

os.environ.setdefault('MPLBACKEND', 'Agg')
warnings.filterwarnings('ignore', '.*torch.jit.script.*') # from fastai's imports

import deepinv, fastai.callback.all, fastai.data.all, fastai.learner, huggingface_hub, ipywidgets, matplotlib.pyplot, pandas, pyrtools, pytest, safetensors.torch # noqa
import scipy.fft, scipy.io, scipy.ndimage, scipy.optimize, scipy.signal, scipy.stats, skimage.color, skimage.data, skimage.exposure, skimage.metrics # noqa
import skimage.restoration, skimage.transform, tifffile, torch, torch.utils.flop_counter, torchmetrics.image, torchvision, tqdm.auto # noqa
import execnb.shell, nbdev.test # noqa
