#!/usr/bin/env bash
# torchvision's create_feature_extractor returns VGG's features after the ReLU where those before it were asked for.
#
# Content losses compare features of VGG19, and some (ESRGAN's, that of DeblurGAN's code) take them before the ReLU. torchvision names each
# step of its networks and promises the outputs of those that one asks for. But the ReLUs of its VGG, ResNet and AlexNet work in place, and
# the extractor neither copies what it returns nor changes them: where a later step is asked for too, the ReLU behind an output overwrites
# it, without a word. The last one asked for is right, because what follows it is cut off: so the same name gives one thing alone and
# another in company, and a loss of several layers mixes features from before and after. What helps: set inplace = False in the network's
# ReLUs first.
#
# Needs Python 3.10 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torch==2.14.1 torchvision==0.29.1
cd "$folder"
env/bin/python - <<'PY'
import sys
import torch, torchvision
from torch import nn
from torchvision.models import alexnet, resnet18, vgg19
from torchvision.models.feature_extraction import create_feature_extractor

print('torchvision', torchvision.__version__, 'torch', torch.__version__)
torch.manual_seed(0)
photo = torch.rand(1, 3, 64, 64)

def truth(network, names): # what each step gives, copied at once by hooks
    seen = {}
    hooks = [network.get_submodule(name).register_forward_hook(lambda _, __, output, name=name: seen.update({name: output.clone()})) for name in names]
    network(photo)
    for hook in hooks: hook.remove()
    return seen

def verdict(features, right):
    if torch.equal(features, right): return 'right'
    return 'after the ReLU' if torch.equal(features, right.relu()) else 'neither'

def extracted(network, asked, names): # one verdict for each of the names, all asked for together
    got, right = create_feature_extractor(network, asked)(photo), truth(network, names)
    return [verdict(got[name], right[name]) for name in names]

as_described = True
nets = {vgg19: ['features.2', 'features.7', 'features.16'], resnet18: ['bn1', 'layer1.0.bn1', 'layer2.0.bn1'], alexnet: ['features.0', 'features.3', 'features.6']}
with torch.no_grad():
    for make, names in nets.items():
        network = make(weights=None).eval()
        alone = [extracted(network, [name], [name])[0] for name in names]
        together = extracted(network, names, names)
        for module in network.modules():
            if isinstance(module, nn.ReLU): module.inplace = False
        mended = extracted(network, names, names)
        print(f'{make.__name__}, {", ".join(names)}\n  each alone: {alone}\n  together: {together}\n  together, without in place: {mended}')
        as_described &= alone == mended == ['right'] * 3 and together == ['after the ReLU'] * 2 + ['right']
    network, names = vgg19(weights=None).eval(), nets[vgg19]
    loss = [sum((a[n] - b[n]).pow(2).mean() for n in names) for a, b in
            [[create_feature_extractor(network, names)(x) for x in (photo, photo.flip(3))],
             [{n: create_feature_extractor(network, [n])(x)[n] for n in names} for x in (photo, photo.flip(3))]]]
    print(f'a content loss of the three: together {loss[0]:.5f}, of each alone {loss[1]:.5f}')
    as_described &= bool(loss[0] < 0.9 * loss[1])
print('features before the ReLU are overwritten, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
