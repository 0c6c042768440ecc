"""Run the benchmarks and print their tables: `python nbs/benchmarks/run.py [NAME ...] [--profile lesson] [--threads 2]`.

Each notebook of this folder runs in a process of its own, one after another, so that they do not slow each other;
what its cells print and the tables they show are printed as soon as they stand, its text and figures are not. Cells that
need a GPU are left out where there is none. Nothing is saved."""
import argparse, os, re, subprocess, sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = sorted(path.stem for path in HERE.glob('*.ipynb'))

def one(name):
    "Run a benchmark in this process, and print what it prints."
    from execnb.shell import CaptureShell
    from fastcore.nbio import read_nb
    left_out = []
    def without_gpu(cell):
        "Is this a cell that needs a GPU, on a machine that has none?"
        if cell.cell_type != 'code' or not re.search(r'^#\| *cuda', cell.source, re.M): return False
        import torch
        if torch.cuda.is_available(): return False
        left_out.append(cell)
        return True
    CaptureShell(str(HERE)).run_all(read_nb(HERE/f'{name}.ipynb'), exc_stop=True, preproc=without_gpu, postproc=show)
    if left_out: print(f'{len(left_out)} cell(s) left out: they need an NVIDIA GPU, and there is none here.', end='\n\n', flush=True)

def show(cell):
    "Print what a cell has printed, and the tables that it shows."
    for output in cell.get('outputs', []):
        text = ''.join(output['text'] if output['output_type'] == 'stream' else output.get('data', {}).get('text/plain', []))
        if text.strip() and not text.startswith('<') and output.get('name') != 'stderr': print(text.rstrip(), end='\n\n', flush=True)

def apart(name):
    "Run a benchmark in a process of its own; has it failed? Where the system can fork, it begins with all libraries imported."
    if not hasattr(os, 'fork'): return subprocess.run([sys.executable, '-W', 'ignore', __file__, '--here', name]).returncode != 0
    import_libraries()
    child = os.fork()
    if child: return os.waitpid(child, 0)[1] != 0
    code = 1
    try:
        one(name)
        code = 0
    except SystemExit as stop: code = int(bool(stop.code))
    except BaseException:
        import traceback
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr): stream.flush()
        os._exit(code)

def import_libraries():
    import warnings
    warnings.filterwarnings('ignore')
    import deepinv, execnb.shell, fastai.callback.all, fastai.learner, matplotlib.pyplot, pandas, skimage.data # noqa

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('names', nargs='*', metavar='NAME', help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument('--profile', default='lesson', help='smoke (seconds, to see that all runs) or lesson (minutes, the real numbers; the default)')
    parser.add_argument('--threads', type=int, help="processor threads for torch (default: torch's own choice)")
    parser.add_argument('--here', action='store_true', help=argparse.SUPPRESS) # in this process, as the environment says
    args = parser.parse_args()
    wrong = [name for name in args.names if name not in NAMES]
    if wrong: parser.error(f"there is no benchmark '{wrong[0]}': choose from {', '.join(NAMES)}")
    if args.here: return one(args.names[0])
    os.environ.update(DEBLUR_NB_PROFILE=args.profile, MPLBACKEND='Agg', COLUMNS='200')
    if args.threads: os.environ['OMP_NUM_THREADS'] = str(args.threads)
    failed = []
    for name in args.names or NAMES:
        print(f'== {name} ==\n', flush=True)
        if apart(name): failed.append(name)
    if failed: sys.exit(f"stopped with an error: {', '.join(failed)}")

if __name__ == '__main__': main()
