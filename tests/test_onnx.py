"""ONNX files of every system give what PyTorch gives; without the extra, one sentence says so."""
import sys

import pytest
import torch
from torch import nn

from deblur_nb.restore import onnx_model, to_onnx
from deblur_nb.models import CompactUNet, CyclePair, DeblurGAN, LightDeblurGAN, MultitaskGAN, StructureGAN

pytestmark = pytest.mark.long

SYSTEMS = {'cycle': lambda: CyclePair(4, depth=2), 'structure': lambda: StructureGAN(4, 1), 'multitask': lambda: MultitaskGAN(4), 'light': lambda: LightDeblurGAN(4, 1),
           'compact': lambda: CompactUNet(8, 1)}

@pytest.mark.parametrize('system', SYSTEMS)
def test_onnx_file_gives_the_same_at_any_size(system, tmp_path):
    pytest.importorskip('onnxscript'), pytest.importorskip('onnxruntime')
    torch.manual_seed(0)
    network = SYSTEMS[system]().train()
    restorer = getattr(network, 'restorer', network)
    for name, layer in restorer.named_modules():
        if name.split('.')[-1] in ('tail', 'last'): nn.init.normal_(layer.weight, std=.02) # it starts at zero
    run = onnx_model(to_onnx(network, tmp_path / 'network.onnx'))
    assert network.training
    restorer.eval()
    for size in ((1, 3, 37, 53), (2, 3, 80, 61)):
        blurred = 2 * torch.rand(size) - 1
        with torch.no_grad(): torch.testing.assert_close(run(blurred), restorer(blurred), atol=1e-4, rtol=0)

@pytest.mark.parametrize('package', ['onnx', 'onnxscript'])
def test_writing_without_the_extra(package, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f'need the package {package}: pip install "deblur_nb'): to_onnx(DeblurGAN(4, 1), tmp_path / 'network.onnx')
    assert not list(tmp_path.iterdir())

def test_running_without_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'onnxruntime', None)
    (tmp_path / 'network.onnx').write_bytes(b'')
    with pytest.raises(ImportError, match='need the package onnxruntime'): onnx_model(tmp_path / 'network.onnx')
