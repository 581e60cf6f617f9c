// The same file by Eigen: BDCSVD, SelfAdjointEigenSolver and PartialPivLU are what its users would reach for.
#include <Eigen/Dense>

double use(const Eigen::MatrixXd& A, const Eigen::MatrixXd& B, const Eigen::VectorXd& b) {
    const Eigen::MatrixXd C = A * B;
    const Eigen::BDCSVD<Eigen::MatrixXd> svd(C, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigh(C);
    const Eigen::VectorXd x = C.partialPivLu().solve(b);
    return svd.matrixU()(0, 0) + svd.singularValues()(0) + svd.matrixV()(0, 0) + eigh.eigenvalues()(0) +
           eigh.eigenvectors()(0, 0) + x(0);
}
