"""Measure the kit on a GPU, in at most nine minutes: its tests for CUDA, the five systems' training, and a restored 720p photo.

    python nbs/benchmarks/gpu.py --out gpu.json

The file is written anew after each part, so that what was measured stays if the machine goes away; benchmarks/gpu shows it. Without a GPU, or with
--profile smoke, all is run on the processor at the least scale, which shows only that the script starts."""
import argparse, json, os, platform, re, subprocess, sys, time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent

class Report(dict):
    "What was measured, kept in a file."
    def __init__(self, path, limit):
        super().__init__(parts=[])
        self.path, self.end = path, time.monotonic() + limit

    def left(self): return self.end - time.monotonic()

    def part(self, name, work, least):
        "Run one part, if `least` seconds are left; an error is noted, and the others go on."
        if self.left() < least: row = dict(part=name, left_out=f'only {self.left():.0f} s were left')
        else:
            try: row = dict(part=name, **work())
            except Exception as error: row = dict(part=name, error=f'{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ""}')
        self['parts'].append(row)
        new = self.path.with_suffix('.new')
        new.write_text(json.dumps(self, indent=1))
        new.replace(self.path)
        print(row, flush=True)

def tests(seconds):
    "The suite's tests that need a GPU: how many passed, failed, were skipped."
    done = subprocess.run([sys.executable, '-m', 'pytest', '-q', '-n', '0', '-m', 'cuda', 'tests/test_cuda.py'], cwd=TOP, capture_output=True, text=True, timeout=seconds)
    counts = {word: int(n) for n, word in re.findall(r'(\d+) (passed|failed|skipped|error)', done.stdout)}
    return counts | ({} if done.returncode == 0 else dict(said=done.stdout.splitlines()[-3:]))

def synchronised():
    import torch
    if torch.cuda.is_available(): torch.cuda.synchronize()
    return time.perf_counter()

def peak_of(device, side, turns=20):
    "Operations a second of a large matrix product in bfloat16: what this device reaches at best."
    import torch
    a = torch.randn(side, side, device=device, dtype=torch.bfloat16)
    for _ in range(3): a @ a
    start = synchronised()
    for _ in range(turns): a @ a
    return dict(tera_a_second=2*side**3*turns/(synchronised() - start)/1e12, side=side)

class Timed:
    "A training of one system that counts its seconds from step to step."
    def __init__(self, system, scale, batch, device, half, steps=12):
        from fastai.callback.core import Callback
        from skimage import data
        from deblur_nb.blur import ShakeKernels
        from deblur_nb.data import BlurredPairs, pair_dataloaders
        from deblur_nb.photos import to_tensor
        from deblur_nb.training import HalfPrecision, learner
        class Clock(Callback):
            order = 90
            def __init__(self): self.at = []
            def after_batch(self):
                if self.training: self.at.append(synchronised())
        sides = [BlurredPairs([to_tensor(data.astronaut())], ShakeKernels(), crop=scale.crop, items=items, train=train) for items, train in ((steps*batch, True), (batch, False))]
        self.clock, self.batch = Clock(), batch
        self.learn = learner(system, pair_dataloaders(*sides, batch, device=device), scale, vgg='random', cbs=[self.clock, *[HalfPrecision()]*half])

    def run(self):
        "Pairs a second from the third step on, and what the fastest step took."
        with self.learn.no_bar(), self.learn.no_logging(): self.learn.fit(1)
        at = self.clock.at
        steps = sorted(b - a for a, b in zip(at[1:], at[2:])) or [at[-1] - at[0]]
        return dict(pairs_a_second=self.batch/steps[len(steps)//2], seconds_a_step=steps[len(steps)//2], steps=len(steps))

def operations_of(training):
    "Operations of one step (two a multiplication and addition); the validation counts as a step, so a little less than the truth."
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import flop_registry
    class Counter(TorchDispatchMode):
        total = 0
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            out = function(*args, **(kwargs or {}))
            count = flop_registry.get(function._overloadpacket)
            if count: self.total += count(*args, **(kwargs or {}), out_val=out)
            return out
    before = len(training.clock.at)
    with Counter() as counter: training.run()
    return counter.total/(len(training.clock.at) - before + 1)

def one_system(system, profile_name, batch, device, half, peak):
    "Pairs a second, memory and the share of the peak of one system's training."
    import torch
    from deblur_nb.settings import profile
    from deblur_nb.training import with_scale
    scale = with_scale(profile(profile_name), dict(seed=0))
    cuda = device == 'cuda'
    if cuda: torch.cuda.reset_peak_memory_stats()
    training = Timed(system, scale, batch, device, half, 12 if cuda else 2)
    found = training.run()
    if cuda: found |= dict(memory_gib=torch.cuda.max_memory_allocated()/2**30)
    operations = operations_of(training)
    found |= dict(crop=scale.crop, batch=batch, half=half, tera_a_pair=operations/batch/1e12)
    if peak: found |= dict(share_of_peak=operations/found['seconds_a_step']/1e12/peak)
    return found

def one_restore(network, device, precision, size):
    "Seconds for a photo of H x W, the median of five, and the memory."
    import numpy as np, torch
    from deblur_nb.models import DeblurGAN
    from deblur_nb.restore import pretrained, restore_photo
    model = (DeblurGAN() if network == 'DeblurGAN, full width, untrained' else pretrained(network)).eval().to(device)
    photo = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    if device == 'cuda': torch.cuda.reset_peak_memory_stats()
    times = []
    for _ in range(6 if device == 'cuda' else 2):
        start = synchronised()
        restore_photo(photo, model, precision=precision, tile=1280, overlap=64)
        times.append(synchronised() - start)
    found = dict(precision=precision, size=f'{size[1]} x {size[0]}', seconds=sorted(times[1:])[len(times[1:])//2])
    return found | (dict(memory_gib=torch.cuda.max_memory_allocated()/2**30) if device == 'cuda' else {})

def machine(device):
    import torch
    name = torch.cuda.get_device_name() if device == 'cuda' else f'processor ({platform.machine()}, {torch.get_num_threads()} threads)'
    return dict(device=name, torch=torch.__version__, python=platform.python_version(), date=time.strftime('%Y-%m-%d'))

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--out', type=Path, required=True, help='JSON file to write')
    parser.add_argument('--profile', choices=('smoke', 'paper'), help='scale (default: paper with a GPU, else smoke)')
    parser.add_argument('--limit', type=float, default=540, metavar='S', help='seconds after which no further part begins (default: 540)')
    args = parser.parse_args()
    if not args.out.resolve().parent.is_dir(): parser.error(f'there is no folder {args.out.parent}: make it first.')
    os.environ['DEBLUR_NB_PROFILE'] = 'smoke'
    import torch
    from deblur_nb.training import systems
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    scale = args.profile or ('paper' if device == 'cuda' else 'smoke')
    large = scale == 'paper'
    report = Report(args.out, args.limit)
    report |= machine(device) | dict(profile=scale)
    report.part('matrix product, bfloat16', lambda: peak_of(device, 8192 if large else 256), 5)
    peak = report['parts'][0].get('tera_a_second') if device == 'cuda' else None
    for name in systems:
        for batch in ((1, 16) if large else (1,)):
            report.part(f'train {name}', lambda: one_system(name, scale, batch, device, device == 'cuda', peak), 30)
    for network in ('deblurgan-small', 'DeblurGAN, full width, untrained') if large else ('deblurgan-small',):
        for precision in ('float32', 'bfloat16') if large else ('float32',):
            report.part(f'restore {network}', lambda: one_restore(network, device, precision, (720, 1280) if large else (90, 160)), 20)
    if device == 'cuda': report.part('tests', lambda: tests(max(30, report.left())), 60)
    return any('error' in row or row.get('failed') for row in report['parts'])

if __name__ == '__main__': sys.exit(main())
