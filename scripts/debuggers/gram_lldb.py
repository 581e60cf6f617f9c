"""Prints gram's matrices, vectors and views in lldb: `command script import gram_lldb.py`, then `frame variable A`.

    (gram::Matrix<double, -1, -1, gram::row_major>) A = 2x3 matrix {{1, 2, 3}, {4, 5, 6}}
"""

import lldb

DYNAMIC = -1
LIMIT = 16  # rows and columns that a summary shows


BYTES = (lldb.eBasicTypeChar, lldb.eBasicTypeSignedChar, lldb.eBasicTypeUnsignedChar)


def is_signed(value):
    return value.GetType().GetCanonicalType().GetBasicType() != lldb.eBasicTypeUnsignedChar


def number(value, name):
    return value.GetChildMemberWithName(name).GetValueAsSigned()


def extents_of_type(value):
    """The static extents in a type's name: Matrix<T, R, C, Layout> and MatrixView<T, R, C>; T may hold commas."""
    name = value.GetType().GetUnqualifiedType().GetCanonicalType().GetName()
    arguments = name[name.index("<") + 1 : name.rindex(">")].split(",")
    numbers = []
    for argument in arguments:
        try:
            numbers.append(int(argument))
        except ValueError:
            pass
    column_major = "col_major" in arguments[-1]
    rows, cols = numbers[:2] if len(numbers) >= 2 else (DYNAMIC, DYNAMIC)
    return rows, cols, column_major


class Elements:
    """Where the elements are: data + i * row_stride + j * col_stride."""

    def __init__(self, value):
        if value.GetType().IsReferenceType():
            value = value.Dereference()
        value = value.GetNonSyntheticValue()
        rows, cols, column_major = extents_of_type(value)
        storage = value.GetChildMemberWithName("storage_")
        if storage.IsValid():
            fixed = storage.GetChildMemberWithName("elements_")
            if fixed.IsValid():
                array = fixed.GetNonSyntheticValue().GetChildAtIndex(0)
                self.element = array.GetType().GetArrayElementType()
                self.address = array.GetLoadAddress()
                self.rows, self.cols = rows, cols
            else:
                data = storage.GetChildMemberWithName("buffer_").GetChildMemberWithName("data_")
                self.element = data.GetType().GetPointeeType()
                self.address = data.GetValueAsUnsigned()
                self.rows, self.cols = number(storage, "rows_"), number(storage, "cols_")
            self.strides = (1, self.rows) if column_major else (self.cols, 1)
        else:
            ref = value.GetChildMemberWithName("ref_")
            ref = ref if ref.IsValid() else value
            data = ref.GetChildMemberWithName("data")
            self.element = data.GetType().GetPointeeType()
            self.address = data.GetValueAsUnsigned()
            if ref.GetChildMemberWithName("size").IsValid():
                self.rows, self.cols = number(ref, "size"), 1
                self.strides = (number(ref, "stride"), 0)
            else:
                self.rows = number(ref, "rows") if rows == DYNAMIC else rows
                self.cols = number(ref, "cols") if cols == DYNAMIC else cols
                self.strides = (number(ref, "row_stride"), number(ref, "col_stride"))
        self.owner = value

    def at(self, i, j):
        offset = (i * self.strides[0] + j * self.strides[1]) * self.element.GetByteSize()
        return self.owner.CreateValueFromAddress("(%d, %d)" % (i, j), self.address + offset, self.element)


def summary(value, _options=None):
    e = Elements(value)
    if e.rows < 0 or e.cols < 0:
        return "never constructed"
    if e.rows == 0 or e.cols == 0:
        return "%dx%d {}" % (e.rows, e.cols)

    def text(element):
        if element.GetType().GetCanonicalType().GetBasicType() in BYTES:  # which lldb would print as letters
            return str(element.GetData().sint8[0] if is_signed(element) else element.GetData().uint8[0])
        inner = element.GetNonSyntheticValue().GetChildAtIndex(0)  # of std::complex: the pair
        return element.GetValue() or element.GetSummary() or inner.GetValue() or "?"

    def line(cells, count):
        shown = [text(c) for c in cells]
        return "{" + ", ".join(shown + (["..."] if count > LIMIT else [])) + "}"

    columns = range(min(e.cols, LIMIT))
    if e.cols == 1:
        body = line([e.at(i, 0) for i in range(min(e.rows, LIMIT))], e.rows)
    elif e.rows == 1:
        body = line([e.at(0, j) for j in columns], e.cols)
    else:
        rows = [line([e.at(i, j) for j in columns], e.cols) for i in range(min(e.rows, LIMIT))]
        body = "{" + ", ".join(rows + (["..."] if e.rows > LIMIT else [])) + "}"
    return "%dx%d %s" % (e.rows, e.cols, body)


class Children:
    """Element (i, j) as child i * cols + j."""

    def __init__(self, value, _dict):
        self.value = value
        self.elements = None

    def update(self):
        self.elements = Elements(self.value)

    def has_children(self):
        return True

    def num_children(self):
        return max(self.elements.rows, 0) * max(self.elements.cols, 0)

    def get_child_index(self, name):
        i, j = name.strip("()").split(",")
        return int(i) * self.elements.cols + int(j)

    def get_child_at_index(self, index):
        return self.elements.at(index // self.elements.cols, index % self.elements.cols)


def __lldb_init_module(debugger, _dict):
    for pattern in (r"^gram::Matrix<.+>$", r"^gram::MatrixView<.+>$", r"^gram::kernel::(Mat|Vec)Ref<.+>$"):
        debugger.HandleCommand('type summary add -w gram -x "%s" -F %s.summary' % (pattern, __name__))
        debugger.HandleCommand('type synthetic add -w gram -x "%s" -l %s.Children' % (pattern, __name__))
    debugger.HandleCommand("type category enable gram")
