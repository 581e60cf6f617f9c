// A picture as a matrix: its best approximations of rank k are sums of its first k singular triples.
//
//   A = U diag(s) V^T,   A_k = sum over j < k of s_j u_j v_j^T,   ||A - A_k||_F = sqrt(s_k^2 + s_{k+1}^2 + ...)
//
// (Eckart & Young 1936). Storing A_k takes k (m + n + 1) numbers instead of m n.
#include <gram/gram.hpp>

#include <gram/io/pgm.hpp>

#include <cmath>
#include <cstdio>

#include "data/ascent.hpp"
#include "support/example.hpp"

using namespace gram;

namespace {

constexpr const char* usage = R"(usage: svd_image [--out DIR] [PICTURE.pgm]

Approximates a grey picture by matrices of rank 1, 5, 20 and 50, and writes each as DIR/rank_K.pgm.
Without a picture it takes a small one that is compiled in. DIR is "pictures" by default.
)";

Matrix<double> embedded_picture() {
    const std::string alphabet = picture::alphabet;
    Matrix<double> A(picture::size, picture::size);
    for (index_t i = 0; i < A.rows(); ++i) {
        for (index_t j = 0; j < A.cols(); ++j) A(i, j) = 255.0 / 63 * double(alphabet.find(picture::rows[i][j]));
    }
    return A;
}

int run(const example::Arguments& arguments) {
    const Matrix<double> A = arguments.words.empty() ? embedded_picture() : io::load_pgm<double>(arguments.words[0]);
    const index_t m = A.rows(), n = A.cols();
    std::printf("A: %td x %td, mean %.4f\n", m, n, mean(A));

    const auto [U, s, Vt] = svd(A);
    std::printf("U: %td x %td   s: %td   Vt: %td x %td\n", U.rows(), U.cols(), s.size(), Vt.rows(), Vt.cols());
    std::printf("s_1 = %.8f   s_2 = %.8f   s_%td = %.6f\n\n", s[0], s.size() > 1 ? s[1] : 0.0, s.size(),
                s[s.size() - 1]);

    std::printf("rank   energy    relative error   tail of spectrum   numbers stored\n");
    const double total = norm(s);
    bool agree = true;
    for (const index_t wanted : {1, 5, 20, 50}) {
        const index_t k = std::min(wanted, s.size());
        const Matrix<double> U_k = U.block(0, 0, m, k), Vt_k = Vt.block(0, 0, k, n);
        const Matrix<double> A_k = U_k * diag(s.segment(0, k)) * Vt_k;
        const double error = norm(A - A_k) / total;
        const double tail = norm(s.segment(k, s.size() - k)) / total;
        agree = agree && std::abs(error - tail) <= 1e-12 * double(m + n);
        std::printf("%4td   %7.3f%%   %14.6f   %16.6f   %7.1f%%\n", k, 100 * (1 - tail * tail), error, tail,
                    100.0 * double(k * (m + n + 1)) / double(m * n));
        const Matrix<double> shown = minimum(maximum(A_k, 0.0), 255.0);
        io::save_pgm(example::picture(arguments, "rank_" + std::to_string(k) + ".pgm"), shown);
    }
    io::save_pgm(example::picture(arguments, "original.pgm"), A);
    std::printf("\nThe error of each rank %s the tail of the spectrum.\nwritten: %s/{original,rank_*}.pgm\n",
                agree ? "equals" : "DIFFERS FROM", arguments.out.c_str());

    std::string spectrum;
    for (index_t i = 0; i < s.size(); ++i) spectrum += std::to_string(i + 1) + " " + std::to_string(s[i]) + "\n";
    example::plot(arguments, "spectrum.svg", spectrum,
                  "set logscale y\nset xlabel 'j'\nset ylabel 's_j'\nplot $data with linespoints pt 7 ps 0.3 notitle");
    return agree ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) { return example::program(argc, argv, usage, {}, run); }
