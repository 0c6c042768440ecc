"""How long the notebooks of the course take to read and to run, and the syllabus made of it.

    python nbs/course/measure.py                          count the words, and write the tables
    python nbs/course/measure.py --run week1a_what_blur_is ...   run these notebooks as well (without names: all of them)

Reading: the words of the text, 200 a minute. Running: the processor time of one thread, imports included, in the profile `lesson`.
Both are kept in times.json; the tables stand in 0_syllabus.md and in nbs/index.ipynb (then run nbs/make_readme.py)."""
import argparse, json, math, os, re, subprocess, sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent
WORDS_A_MINUTE, BEGIN, END = 200, '<!-- syllabus -->', '<!-- end of the syllabus -->'
TIMES = COURSE/'times.json'

# week, notebook, its title in the table, what a student can do afterwards
SYLLABUS = [
    (1, 'week1a_what_blur_is', '**What blur is**', 'read a kernel out of a photo, blur a photo by hand, compute PSNR and gain'),
    (1, '2_one_kernel_to_space_variant', 'lesson: a kernel for every pixel', 'tell blur models apart by eye, say when one kernel is not enough'),
    (1, 'week1b_how_hands_move', '**How hands move**', "make a kernel from a path, tell two versions of DeblurGAN's algorithm apart"),
    (2, 'week2a_undo_a_known_blur', '**Undo a known blur**', 'explain why dividing fails, choose Wiener\'s number, say how wrong a kernel may be'),
    (2, 'week2b_read_the_shake', '**Read the shake**', 'say what a prior decides, restore a photo of their own'),
    (2, '4_read_the_shake', 'lesson: read the shake', 'find a kernel in a photo, step by step'),
    (3, 'week3a_networks', '**Networks**', 'train a network for one kernel, say what it learned and what not'),
    (3, '1_one_kernel_to_blind', 'lesson: one, eight, every kernel', 'predict what happens when knowledge is taken away'),
    (3, 'week3b_the_game', '**The game**', 'show why pixel losses blur, read the curves of a critic'),
    (3, '5_what_a_critic_buys', 'lesson: what a critic buys', 'tell detail from invention'),
    (4, 'week4a_five_ideas', '**Five ideas**', 'name the idea of each of five papers, make and avoid a checkerboard'),
    (4, '3_five_networks', 'lesson: five networks', 'read a trained network from outside'),
    (4, 'week4b_honest_numbers', '**Honest numbers**', 'write a table that can be compared, run a blind study'),
]

def text_of(notebook):
    "The text that a reader reads: Markdown without tags and addresses."
    cells = json.loads((COURSE/f'{notebook}.ipynb').read_text(encoding='utf-8'))['cells']
    text = '\n'.join(''.join(cell['source']) for cell in cells if cell['cell_type'] == 'markdown')
    return re.sub(r'!?\[([^\]]*)\]\([^)]*\)|<[^>]+>', r' \1 ', text)

def words(notebook): return sum(bool(re.search(r'\w', word)) for word in text_of(notebook).split())
def minutes_to_read(count): return math.ceil(count/WORDS_A_MINUTE)
def minutes_to_run(seconds): return max(1, math.ceil(seconds/60))

def run(notebook):
    "(seconds of one processor, MiB of memory at most) of a run in a process of its own. Raises `RuntimeError` where a cell fails."
    code = ("import sys; from nbdev.test import test_nb; "
            "ok, _ = test_nb(sys.argv[1], skip_flags=['slow', 'cuda'], cell_timeout=3600, basepath=sys.argv[2]); sys.exit(not ok)")
    environment = os.environ | dict(DEBLUR_NB_PROFILE='lesson', OMP_NUM_THREADS='1', MPLBACKEND='agg')
    process = subprocess.Popen([sys.executable, '-c', code, str(COURSE/f'{notebook}.ipynb'), str(COURSE)], env=environment, cwd=COURSE)
    _, status, used = os.wait4(process.pid, 0)
    if status: raise RuntimeError(f'{notebook}.ipynb stops: run nbdev-test on it.')
    return round(used.ru_utime + used.ru_stime), round(used.ru_maxrss/1024)

def times(): return json.loads(TIMES.read_text(encoding='utf-8')) if TIMES.exists() else {}

def measured(notebooks_to_run=()):
    "The table of times: words counted anew, seconds and memory of the notebooks that are run, the others' as they were."
    kept, made = times(), {}
    for _, notebook, *_ in SYLLABUS:
        if not (COURSE/f'{notebook}.ipynb').exists(): continue
        made[notebook] = kept.get(notebook, {}) | dict(words=words(notebook))
        if notebook in notebooks_to_run: made[notebook] |= dict(zip(('seconds', 'mebibytes'), run(notebook)))
    return made

def table(known, folder=''):
    "The syllabus in Markdown; `folder` leads from the page to the course."
    rows = ['| week | notebook | minutes to read | minutes to run | what a student can do afterwards |', '|---|---|---|---|---|']
    for week, notebook, title, able in SYLLABUS:
        if notebook not in known: continue
        read, seconds = minutes_to_read(known[notebook]['words']), known[notebook].get('seconds')
        rows.append(f"| {week} | [{title}]({folder}{notebook}.ipynb) | {read} | {'' if seconds is None else minutes_to_run(seconds)} | {able} |")
    return '\n'.join(rows)

def with_table(text, made):
    "A page's text with the table between its two marks."
    return re.sub(f'{re.escape(BEGIN)}.*?{re.escape(END)}', lambda _: f'{BEGIN}\n\n{made}\n\n{END}', text, flags=re.S)

def pages(known):
    "{file: its text with the table as it should be}."
    syllabus, index = COURSE/'0_syllabus.md', COURSE.parent/'index.ipynb'
    content = json.loads(index.read_text(encoding='utf-8'))
    for cell in content['cells']:
        source = ''.join(cell['source'])
        if BEGIN in source: cell['source'] = with_table(source, table(known, 'course/')).splitlines(keepends=True)
    return {syllabus: with_table(syllabus.read_text(encoding='utf-8'), table(known)),
            index: json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + '\n'}

def main():
    parser = argparse.ArgumentParser(description='Measure the course, and write its syllabus.')
    parser.add_argument('--run', nargs='*', metavar='NOTEBOOK', help='run these notebooks (default: all) and keep their times')
    chosen = parser.parse_args().run
    every = [notebook for _, notebook, *_ in SYLLABUS]
    for notebook in ([] if chosen is None else chosen or every): # each is kept as soon as it is there
        TIMES.write_text(json.dumps(measured([notebook]), indent=1) + '\n', encoding='utf-8')
    known = measured()
    TIMES.write_text(json.dumps(known, indent=1) + '\n', encoding='utf-8')
    for path, text in pages(known).items(): path.write_text(text, encoding='utf-8')

if __name__ == '__main__': sys.exit(main())
