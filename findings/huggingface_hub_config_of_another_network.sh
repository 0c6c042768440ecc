#!/usr/bin/env bash
# huggingface_hub's ModelHubMixin saves a default in place of an argument that JSON cannot hold, and another network is loaded.
#
# save_pretrained writes what a network was built with into config.json, and from_pretrained builds it again: the guide says that the file is
# made of what was passed and of defaults, and that it is preserved. An argument that JSON cannot hold, a number of NumPy from a sweep or a
# layer's class, is left out, and its default, if JSON can hold that, is written in its place: the file says of the network what was never
# so. Turns, slopes, activations and norms without parameters leave no trace in the weights, so with PyTorchModelHubMixin, which builds on
# this one, even strict=True finds nothing: the network restores otherwise than before, without an error or a warning. Here it
# is a few lines of NumPy. What helps: the mixin's coders for such types, or to pass names and Python's own numbers.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q huggingface_hub==2.4.0 jinja2==3.1.6 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import json, sys, warnings
from pathlib import Path
import huggingface_hub, numpy as np
from huggingface_hub import ModelHubMixin

warnings.simplefilter('error')
print('huggingface_hub', huggingface_hub.__version__, 'NumPy', np.__version__)
photo = np.random.default_rng(0).random((32, 32))

class Sharpener(ModelHubMixin):
    def __init__(self, turns=1, amount=.1, bound=None):
        self.turns, self.amount, self.bound, self.weights = turns, amount, bound, np.ones(5) / 5

    def __call__(self, x):
        for _ in range(self.turns):
            blurred = np.apply_along_axis(np.convolve, 1, x, self.weights, mode='same')
            x = x + self.amount * (x - blurred)
            if self.bound: x = self.bound(x)
        return x

    def _save_pretrained(self, save_directory): np.save(save_directory / 'weights.npy', self.weights)

    @classmethod
    def _from_pretrained(cls, *, model_id, revision, cache_dir, force_download, local_files_only, token, **arguments):
        network = cls(**arguments)
        network.weights = np.load(Path(model_id) / 'weights.npy')
        return network

as_described = True
rows = [('turns', 3, 3), ('turns', np.int64(3), 1), ('amount', .5, .5), ('amount', np.float64(.5), .5), ('amount', np.float32(.5), .1),
        ('bound', np.tanh, None)]
for name, given, expected in rows:
    network = Sharpener(**{name: given})
    network.weights = np.array([1, 2, 3, 2, 1]) / 9 # it has learned
    network.save_pretrained('saved')
    written, again = json.loads(Path('saved/config.json').read_text()), Sharpener.from_pretrained('saved')
    off = np.abs(network(photo) - again(photo)).max()
    print(f'{name}={given!r}: config.json says {written}; saved and loaded, the photo is off by {off:.3f}')
    as_described &= written[name] == expected and np.array_equal(again.weights, network.weights)
    as_described &= off == 0 if expected is not None and expected == given else off > 0.05
print('a default is saved in place of what was given, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
