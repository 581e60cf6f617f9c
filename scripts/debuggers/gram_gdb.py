"""Prints gram's matrices, vectors and views in gdb: `source gram_gdb.py`, then `print A`.

    A = 2x3 matrix of double = {{1, 2, 3}, {4, 5, 6}}

Rows that gdb's `set print elements` cuts short are cut here too; `print A.storage_` shows what is behind it.
"""

import sys

import gdb
import gdb.printing

DYNAMIC = -1


def read_element_bytes(address, size):
    return gdb.selected_inferior().read_memory(address, size).tobytes()


def shown_type(element):
    """The type that an element is printed as: the complex number inside of std::complex, a number for a byte."""
    element = element.strip_typedefs()
    if element.code == gdb.TYPE_CODE_STRUCT and len(element.fields()) == 1:
        return element.fields()[0].type.strip_typedefs()
    return element


def is_byte(element):
    return element.sizeof == 1 and element.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR)


class StridedPrinter:
    """Elements at data + i * row_stride + j * col_stride."""

    def __init__(self, kind, element, data, rows, cols, row_stride, col_stride):
        self.kind, self.element, self.data = kind, element, int(data)
        self.rows, self.cols = rows, cols
        self.row_stride, self.col_stride = row_stride, col_stride

    def to_string(self):
        if self.rows < 0 or self.cols < 0:
            return "%s of %s that was never constructed" % (self.kind, self.element)
        return "%dx%d %s of %s" % (self.rows, self.cols, self.kind, self.element)

    def display_hint(self):
        return "array"

    def line(self, start, count, stride):
        """`count` elements as a gdb array; one read where they are contiguous."""
        size = self.element.sizeof
        first = self.data + start * size
        if stride == 1:
            content = read_element_bytes(first, count * size)
        else:
            content = b"".join(read_element_bytes(first + k * stride * size, size) for k in range(count))
        shown = shown_type(self.element)
        if is_byte(shown):  # which gdb would print as text
            signed = int(gdb.Value(-1).cast(shown)) < 0
            content = b"".join(int.from_bytes(content[k : k + 1], sys.byteorder, signed=signed).to_bytes(
                4, sys.byteorder, signed=True) for k in range(count))
            shown = gdb.lookup_type("int")
        return gdb.Value(content, shown.array(count - 1))

    def children(self):
        if self.rows <= 0 or self.cols <= 0:
            return
        limit = gdb.parameter("print elements") or max(self.rows, self.cols)
        if self.cols == 1 or self.rows == 1:
            count, stride = (self.rows, self.row_stride) if self.cols == 1 else (self.cols, self.col_stride)
            values = self.line(0, min(count, limit + 1), stride)
            for k in range(min(count, limit + 1)):
                yield "[%d]" % k, values[k]
            return
        for i in range(min(self.rows, limit + 1)):
            yield "[%d]" % i, self.line(i * self.row_stride, min(self.cols, limit + 1), self.col_stride)


def static_extents(kind):
    return int(kind.template_argument(1)), int(kind.template_argument(2))


def kind_name(rows, cols, name):
    if cols == 1:
        return "column " + name if name == "view" else "vector"
    if rows == 1:
        return "row " + name if name == "view" else "row vector"
    return name


def matrix_printer(value):
    kind = value.type.strip_typedefs()
    element = kind.template_argument(0)
    static_rows, static_cols = static_extents(kind)
    column_major = "col_major" in str(kind.template_argument(3))
    storage = value["storage_"]
    if static_rows != DYNAMIC and static_cols != DYNAMIC:
        elements = storage["elements_"]
        data, rows, cols = elements.address, static_rows, static_cols
    else:
        data, rows, cols = storage["buffer_"]["data_"], int(storage["rows_"]), int(storage["cols_"])
    strides = (1, rows) if column_major else (cols, 1)
    return StridedPrinter(kind_name(static_rows, static_cols, "matrix"), element, data, rows, cols, *strides)


def reference_printer(name, ref, rows_of_type=DYNAMIC, cols_of_type=DYNAMIC):
    element = ref["data"].type.target().unqualified()
    rows = int(ref["rows"]) if rows_of_type == DYNAMIC else rows_of_type
    cols = int(ref["cols"]) if cols_of_type == DYNAMIC else cols_of_type
    return StridedPrinter(
        kind_name(rows_of_type, cols_of_type, name), element, ref["data"], rows, cols,
        int(ref["row_stride"]), int(ref["col_stride"]),
    )


def view_printer(value):
    return reference_printer("view", value["ref_"], *static_extents(value.type.strip_typedefs()))


def matref_printer(value):
    return reference_printer("view", value)


def vecref_printer(value):
    element = value["data"].type.target().unqualified()
    return StridedPrinter("view", element, value["data"], int(value["size"]), 1, int(value["stride"]), 0)


def register(objfile=None):
    printers = gdb.printing.RegexpCollectionPrettyPrinter("gram")
    printers.add_printer("Matrix", r"^gram::Matrix<.*>$", matrix_printer)
    printers.add_printer("MatrixView", r"^gram::MatrixView<.*>$", view_printer)
    printers.add_printer("MatRef", r"^gram::kernel::MatRef<.*>$", matref_printer)
    printers.add_printer("VecRef", r"^gram::kernel::VecRef<.*>$", vecref_printer)
    gdb.printing.register_pretty_printer(objfile, printers, replace=True)


register()
