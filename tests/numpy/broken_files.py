"""gram and NumPy on the same broken files: broken_files.py PROGRAM FOLDER. Exits 77 where NumPy is not installed.

What gram loads, NumPy loads too, and both see the same bytes. gram may be stricter: it refuses bytes behind the array,
more than two dimensions, long double, and booleans that are neither 0 nor 1. What NumPy itself has written, in any
type, order and version, gram loads.
"""
import io
import itertools
import pathlib
import random
import subprocess
import sys
import warnings

try:
    import numpy as np
except ImportError:
    print("skipped: no numpy")
    sys.exit(77)

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for old in folder.iterdir():
    old.unlink()
warnings.simplefilter("ignore")
rng = random.Random(7)
numbers = np.random.default_rng(7)
TYPES = "f2 f4 f8 c8 c16 i1 i2 i4 i8 u1 u2 u4 u8 b1".split()


def random_array(code, shape):
    """Any bits at all, so NaN payloads, -0 and denormals; booleans are 0 and 1."""
    dtype = np.dtype(code)
    bits = numbers.bytes(int(np.prod(shape, dtype=int)) * dtype.itemsize)
    if code == "b1":
        bits = bytes(b & 1 for b in bits)
    return np.frombuffer(bits, dtype).reshape(shape)


def npy(array, version):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=(version, 0))
    return out.getvalue()


def npz(**arrays):
    out = io.BytesIO()
    rng.choice((np.savez, np.savez_compressed))(out, **arrays)
    return out.getvalue()


def mutated(data, length):
    """A few changes among the first `length` bytes, as tests/support/broken_files.hpp makes them."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        if not data:
            break
        at, count = rng.randrange(min(length, len(data))), rng.randint(1, 8)
        what = rng.randrange(7)
        if what == 0:
            data[at] = rng.randrange(256)
        elif what == 1:
            data[at] ^= 1 << rng.randrange(8)
        elif what == 2:
            del data[at : at + count]
        elif what == 3:
            data[at:at] = data[at : at + count]
        elif what == 4:
            data[at : at + 1] = rng.choice((b"0", b"9", b"-", b"'", b"(", b",", b" ", b"L", b"_", b"#", b"\0", b"\xff"))
        elif what == 5:
            del data[at:]
        else:
            data += numbers.bytes(count)
    return bytes(data)


def with_header(text, elements, version):
    length = len(text).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + elements


def odd_headers():
    """Headers that Python reads as the same dictionary, or nearly."""
    data = np.arange(6.0).tobytes()
    parts = {
        "descr": ["'<f8'", '"<f8"', "'<' 'f8'", "'f8'", "'=f8'", "'|f8'", "'<d'", "'<f8 '", "u'<f8'", "b'<f8'", "'double'", "('<f8')", "('<f8', (2,))", "'<f\\x38'"],
        "fortran_order": ["False", "True", "0", "None", "(False)", "False and 1", "not True"],
        "shape": ["(2, 3)", "(2,3)", "( 2 , 3 , )", "[2, 3]", "(2L, 3L)", "(6,)", "(6)", "6", "(+2, 3)", "(0x2, 3)", "(2_0, 3)", "(02, 3)", "(2.0, 3)", "(True, 6)", "(-2, -3)", "(2, 3, 1)", "(1,) * 6", "(6, 1)", "(1, 6)"],
    }
    usual = {key: values[0] for key, values in parts.items()}
    for key, values in parts.items():
        for value in values:
            yield dict(usual, **{key: value}), data
    for shape, count in (("()", 1), ("(0,)", 0), ("(0, 3)", 0), ("(3, 0)", 0), ("(0, 1000000)", 0), ("(0, 4611686018427387904)", 0), ("(9223372036854775808, 0)", 0)):
        yield dict(usual, shape=shape), data[: 8 * count]


files = []
for code, order, shape, byte_order, version in itertools.product(TYPES, "CF", [(), (0,), (5,), (3, 4), (0, 3)], "<>", (1, 2, 3)):
    array = np.asarray(random_array(code, shape).astype(byte_order + code), order=order)
    files.append(("whole", npy(array, version)))
for entries, data in odd_headers():
    for version in (1, 2, 3):
        keys = list(entries)
        rng.shuffle(keys)
        text = "{" + ", ".join(f"'{key}': {entries[key]}" for key in keys) + rng.choice((", }", "}", ",}"))
        for end in ("\n", " \n", "", "\t\n", "  # note\n", "\n\n", "\x0c\n", "\x0b\n", "\\\n"):
            files.append(("odd", with_header((text + end).encode(), data, version)))
for _ in range(3000):
    array = np.asarray(random_array(rng.choice(TYPES), rng.choice([(3,), (2, 3), (4, 1)])), order=rng.choice("CF"))
    files.append(("mutated", mutated(npy(array, rng.choice((1, 2, 3))), 140)))
listing = [(f"{k}.npy", kind, data) for k, (kind, data) in enumerate(files)]
for k in range(1500):
    archive = npz(a=random_array("f4", (2, 3)), bc=np.arange(5, dtype="i2"))
    listing.append((f"{k}.npz", "mutated", mutated(archive, len(archive)) if k > 9 else archive))
for name, kind, data in listing:
    (folder / name).write_bytes(data)
(folder / "broken.txt").write_text("".join(name + "\n" for name, _, _ in listing))
answers = subprocess.run([program, "copy", folder], check=True, capture_output=True).stdout.decode("latin-1").splitlines()
if len(answers) != len(listing):
    sys.exit(f"FAILED: {len(answers)} answers for {len(listing)} files")


def as_gram_copies(array):
    """What gram makes of an array: two dimensions, this machine's byte order, half as float."""
    array = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    return array.astype("f4") if array.dtype == np.dtype("f2") else array


def same(copy, array):
    rows = array.shape[0] if array.ndim > 0 else 1
    cols = array.shape[1] if array.ndim > 1 else 1
    return copy.dtype == array.dtype and copy.shape == (rows, cols) and copy.tobytes() == array.tobytes()


def compare(name):
    """None, or what is wrong with a file that gram has loaded."""
    try:
        seen = np.load(folder / name, allow_pickle=False)
        copy = np.load(folder / (name + ".copy"), allow_pickle=False)
        if name.endswith(".npz"):  # members of other names than x.npy are none to gram
            arrays = {key: seen[key] for key in copy.files}
    except UnicodeDecodeError:
        return None  # names are bytes to gram
    except Exception as error:
        return f"NumPy refuses it: {error}"
    if not name.endswith(".npz"):
        return None if same(copy, as_gram_copies(seen)) else f"NumPy sees {seen.dtype}{seen.shape}, gram {copy.dtype}{copy.shape}"
    wrong = [key for key in copy.files if not same(copy[key], arrays[key].astype("f8"))]
    return f"the arrays {wrong} differ" if wrong else None


loaded = failures = 0
for answer, (name, kind, data) in zip(answers, listing):
    wrong = None
    if answer == "loaded":
        loaded += 1
        wrong = compare(name)
    elif kind == "whole" or (name.endswith(".npz") and int(name[:-4]) <= 9):
        wrong = f"NumPy wrote it, gram: {answer}"
    if wrong:
        failures += 1
        print(f"FAILED: {name} ({kind}): {wrong}\n  {data[:100]!r}")
print(f"{len(listing)} files, {loaded} loaded by both with the same bytes")
sys.exit(failures > 0 or loaded < 900)
