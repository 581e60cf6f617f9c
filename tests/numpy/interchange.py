"""Arrays between gram and NumPy: interchange.py PROGRAM FOLDER. Exits 77 where NumPy is not installed."""
import itertools
import pathlib
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: no numpy")
    sys.exit(77)

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for old in folder.iterdir():
    old.unlink()

TYPES = "f2 f4 f8 c8 c16 i1 i2 i4 i8 u1 u2 u4 u8 b1".split()


def values(code, shape):
    """Numbers that tell elements, orders and signs apart, and are exact in every type that may hold them."""
    n = int(np.prod(shape, dtype=int))
    base = np.arange(n).reshape(shape) % 100
    if code == "b1":
        return base % 2 == 1
    if code[0] == "c":
        return (base - 1j * (base + 1)).astype(code)
    return (base - (0 if code[0] == "u" else 50)).astype(code)


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


# NumPy writes, gram reads. The program prints what it has read; every number here is whole.
listing = []
shapes = [(), (0,), (5,), (3, 4), (1, 7), (7, 1), (0, 3), (3, 0)]
for code, order, shape, byte_order, version in itertools.product(TYPES, "CF", shapes, "<>", (1, 2, 3)):
    name = f"{code}-{order}-{'x'.join(map(str, shape)) or 'single'}-{'little' if byte_order == '<' else 'big'}-{version}.npy"
    array = np.asarray(values(code, shape), dtype=byte_order + code, order=order)
    with open(folder / name, "wb") as out:
        np.lib.format.write_array(out, array, version=(version, 0))
    listing.append((name, array))
np.savez(folder / "stored.npz", **{code: values(code, (3, 4)) for code in TYPES})
np.savez_compressed(folder / "deflated.npz", **{code: values(code, (50, 40)) for code in TYPES})
(folder / "list.txt").write_text("".join(name + "\n" for name, _ in listing))
read = subprocess.run([program, "read", folder], check=True, capture_output=True, text=True).stdout.splitlines()
if len(read) != len(listing) + 2 * len(TYPES):
    fail(f"{len(read)} arrays came back, not {len(listing) + 2 * len(TYPES)}")


def as_gram_prints(array):
    a = np.asarray(array)
    a = a.reshape(a.shape + (1,) * (2 - a.ndim))
    parts = " ".join(f"{int(z.real)},{int(z.imag)}" for z in a.astype(complex).ravel())
    return f"{a.shape[0]} {a.shape[1]} {parts}".strip()


for line, (name, array) in zip(read, listing):
    if line != as_gram_prints(array):
        fail(f"{name}: gram read {line}, NumPy wrote {as_gram_prints(array)}")
for k, (archive, shape) in enumerate((("stored", (3, 4)), ("deflated", (50, 40)))):
    for line, code in zip(read[len(listing) + k * len(TYPES) :], TYPES):
        if line != as_gram_prints(values(code, shape)):
            fail(f"{archive}.npz, {code}: gram read {line[:200]}")

# gram writes, NumPy reads.
subprocess.run([program, "write", folder], check=True)
for code in TYPES[1:]:
    got = np.load(folder / f"gram-{code}.npy", allow_pickle=False)
    if got.dtype != np.dtype("<" + code) or not np.array_equal(got, values(code, (3, 4))):
        fail(f"gram wrote {code} as {got.dtype} {got}")
    again = folder / "again.npy"
    np.save(again, got)
    if again.read_bytes() != (folder / f"gram-{code}.npy").read_bytes():
        fail(f"gram's file of {code} is not NumPy's, byte for byte")
for archive in ("gram-stored.npz", "gram-deflated.npz"):
    with np.load(folder / archive, allow_pickle=False) as z:
        if z.files != TYPES[1:] or not all(np.array_equal(z[code], values(code, (3, 4))) for code in z.files):
            fail(f"{archive}: {z.files}")
if not np.array_equal(np.load(folder / "gram-column.npy"), np.arange(5.0)):
    fail("a Vector is not (n,)")
print(f"{len(listing)} files and 2 archives read, {2 * len(TYPES) - 1} written")
