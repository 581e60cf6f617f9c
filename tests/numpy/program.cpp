// gram's side of interchange.py: `program read FOLDER` prints arrays, `program write FOLDER` makes them,
// `program copy FOLDER` loads and saves.
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include <gram/gram.hpp>
#include <gram/io/npz.hpp>

using namespace gram;

namespace {

void print(const Matrix<std::complex<double>>& A) {
    std::string line = std::to_string(A.rows()) + " " + std::to_string(A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) {
            line += " " + std::to_string(static_cast<long>(A(i, j).real())) + "," +
                    std::to_string(static_cast<long>(A(i, j).imag()));
        }
    std::puts(line.c_str());
}
template <class T>
Matrix<std::complex<double>> widened(const Matrix<T>& A) {
    Matrix<std::complex<double>> Z(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) {
            if constexpr (is_complex_v<T>) {
                Z(i, j) = std::complex<double>(A(i, j));
            } else {
                Z(i, j) = static_cast<double>(A(i, j));
            }
        }
    return Z;
}
// f(T(), code) for the type that the code names; half is read as float.
template <class F>
void with_type(const std::string& code, F f) {
    if (code == "f2" || code == "f4") return f(float());
    if (code == "f8") return f(double());
    if (code == "c8") return f(std::complex<float>());
    if (code == "c16") return f(std::complex<double>());
    if (code == "i1") return f(std::int8_t());
    if (code == "i2") return f(std::int16_t());
    if (code == "i4") return f(std::int32_t());
    if (code == "i8") return f(std::int64_t());
    if (code == "u1") return f(std::uint8_t());
    if (code == "u2") return f(std::uint16_t());
    if (code == "u4") return f(std::uint32_t());
    if (code == "u8") return f(std::uint64_t());
    if (code == "b1") return f(bool());
    std::fprintf(stderr, "unknown type %s\n", code.c_str());
    std::exit(1);
}

void read_all(const std::string& folder) {
    std::ifstream list(folder + "/list.txt");
    for (std::string name; std::getline(list, name);) {
        with_type(name.substr(0, name.find('-')), [&](auto type) {
            const auto A = io::load_npy<decltype(type)>(folder + "/" + name);
            print(widened(A));
        });
    }
    for (const char* archive : {"/stored.npz", "/deflated.npz"}) {
        const io::NpzFile file(folder + archive);
        for (const auto& code : file.names()) {
            with_type(code, [&](auto type) { print(widened(file.load<decltype(type)>(code))); });
        }
    }
}

template <class T>
Matrix<T> values(const std::string& code) {
    Matrix<T> A(3, 4);
    for (index_t i = 0; i < 12; ++i) {
        const double x = static_cast<double>(i);
        if constexpr (is_complex_v<T>) {
            A.data()[i] = T(static_cast<real_t<T>>(x), -static_cast<real_t<T>>(x + 1));
        } else {
            A.data()[i] = code == "b1" ? static_cast<T>(i % 2) : static_cast<T>(code[0] == 'u' ? x : x - 50);
        }
    }
    return A;
}
constexpr const char* codes[] = {"f4", "f8", "c8", "c16", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"};

void write_all(const std::string& folder) {
    for (const std::string code : codes) {
        with_type(code,
                  [&](auto type) { io::save_npy(folder + "/gram-" + code + ".npy", values<decltype(type)>(code)); });
    }
    io::save_npy(folder + "/gram-column.npy", Vector<double>{0, 1, 2, 3, 4});
    for (const bool deflate : {false, true}) {
        io::NpzWriter writer(folder + (deflate ? "/gram-deflated.npz" : "/gram-stored.npz"), {.deflate = deflate});
        for (const std::string code : codes) {
            with_type(code, [&](auto type) { writer.add(code, values<decltype(type)>(code)); });
        }
        writer.commit();
    }
}

// Loads each file of broken.txt as it is stored and saves it again: a line "loaded" or "refused: ..." for each.
void copy_all(const std::string& folder) {
    std::ifstream list(folder + "/broken.txt");
    for (std::string name; std::getline(list, name);) {
        const std::string path = folder + "/" + name;
        try {
            if (name.ends_with(".npz")) {
                const io::NpzFile file(path);
                io::NpzWriter out(path + ".copy");
                for (const auto& array : file.names()) out.add(array, file.load<double>(array));
                out.commit();
            } else {
                io::InputFile file(path);
                const io::NpyHeader header = io::read_npy_header(file);
                with_type(header.kind + std::to_string(header.item_bytes),
                          [&](auto type) { io::save_npy(path + ".copy", io::load_npy<decltype(type)>(path)); });
            }
            std::puts("loaded");
        } catch (const gram::error& e) {
            std::puts(("refused: " + std::string(e.what())).c_str());
        }
    }
}

}  // namespace

int main(int, char** arguments) {
    if (std::strcmp(arguments[1], "read") == 0) {
        read_all(arguments[2]);
    } else if (std::strcmp(arguments[1], "copy") == 0) {
        copy_all(arguments[2]);
    } else {
        write_all(arguments[2]);
    }
}
