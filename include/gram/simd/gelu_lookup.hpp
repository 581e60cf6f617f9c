/// gelu where numbers can be looked up, from the normal distribution function Phi(-a) of a = |x|.
///
/// Up to 3.9 by a polynomial around the nearest multiple of 1/4; the coefficients stand in tables, one of each for
/// every multiple. Reading the tables is what takes the time, so a pack of small numbers reads half of them. Beyond as
/// e^(-a²/2) H / a with a polynomial H in 1 / (a² + c). The coefficients are Chebyshev interpolants computed with 50
/// digits; their own error is below 1/10 ulp.
#pragma once

#include "gram/simd/exp_lookup.hpp"

namespace gram::simd::detail {

/// Phi(-k / 4 - t) for |t| <= 1/8 as high + low + a polynomial in t without a constant, highest power first.
template <class T>
struct GeluTable;
template <>
struct GeluTable<double> {
    static constexpr int count = 11;
    alignas(64) static constexpr double slope[count][16] = {
        {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.469250557124726e-06, 3.5361375855310212e-06, 1.7872939361339744e-06,
         -9.183076737823679e-08, -1.057504650866162e-06, -1.052945699139788e-06, -5.73962360278442e-07,
         -1.0738200155075697e-07, 1.3422437598634613e-07},
        {0.0, 2.304150621356807e-05, 3.158727974585914e-05, 2.1706163636140278e-05, 1.8854627873455687e-06,
         -1.4553693209727313e-05, -1.9262501929734652e-05, -1.3066378015765952e-05, -2.8444939146188636e-06,
         4.6897471568005365e-06, 6.889118206762448e-06, 5.0592194781910385e-06, 1.9838190229439057e-06,
         -2.9642048981235937e-07, -1.193878739089578e-06, -1.1017702253442245e-06},
        {-0.0001150664153944429, -8.452914783558244e-05, -1.2329948919301785e-05, 5.7588580837075124e-05,
         8.773099114032144e-05, 7.000811198891053e-05, 2.5072267404701666e-05, -1.712847993879046e-05,
         -3.704721478973393e-05, -3.3653724542297196e-05, -1.8020422626967663e-05, -2.4940493829882324e-06,
         6.301861184200921e-06, 8.113323397770884e-06, 5.963060580771088e-06, 2.9460133178201127e-06},
        {0.0, -0.00023619856932009532, -0.00034947453918019947, -0.0002935414018109351, -0.00012002541231573324,
         6.572740741566364e-05, 0.0001750413497045805, 0.00018097365138413222, 0.00011515961229558006,
         3.206223465222656e-05, -2.7085282102791274e-05, -4.927456787158851e-05, -4.35271759107852e-05,
         -2.623578651493095e-05, -9.984202090951083e-06, -1.1683229289246548e-08},
        {0.0011873231833810385, 0.0009394965055544298, 0.0003263504666301918, -0.0003432207530114927,
         -0.0007681571021845473, -0.0008156167167819787, -0.0005577258182154123, -0.00018576682377088974,
         0.00011783742563322507, 0.0002637083673540864, 0.0002627397479810845, 0.00018051548713696346,
         8.441616054877667e-05, 1.3995370113733392e-05, -2.1397716671168417e-05, -3.0251745151516837e-05},
        {0.0, 0.0019305085365408257, 0.003071403234221115, 0.0030400470713499053, 0.0020164227057280753,
         0.0005759808036115073, -0.0006577065363551336, -0.0013098172027503033, -0.001349774165329367,
         -0.0009914766775550275, -0.0005135244318798217, -0.00011925680409186378, 0.00011079621105377353,
         0.0001918001941373386, 0.0001805589594623991, 0.00013246010922296814},
        {-0.009973556981962088, -0.008470951888762082, -0.004584183943519161, 0.0001470397433288083,
         0.004032845386737767, 0.005987227493934082, 0.005868766055330673, 0.004311057434860935, 0.0022496236047208577,
         0.0004618367308121145, -0.0006664405916850779, -0.0011227826356970463, -0.0011079621029856787,
         -0.0008655818616832818, -0.0005786068077042023, -0.00034195583218610677},
        {0.0, -0.011831641594867909, -0.020170409345857492, -0.02293820283990942, -0.020164227043264683,
         -0.013674898971192173, -0.006071137296846752, 0.0003931909060985751, 0.004499247209441489,
         0.0061371592416791425, 0.005934060062939142, 0.004753991333843036, 0.0033238863089507403, 0.002077924865967351,
         0.0011772125938347932, 0.000609467146278652},
        {0.06649038006685062, 0.060416893250407964, 0.044008165845539925, 0.021957937761323883, 4.279739003616666e-14,
         -0.017123351755197084, -0.026982832430397466, -0.029657828346613343, -0.02699548325659403,
         -0.021490389263733145, -0.015337262931872467, -0.00994608398611521, -0.005909131215917341,
         -0.003233795341321505, -0.001636280053210801, -0.00076763018348746},
        {0.0, 0.04833351460035615, 0.08801633169107487, 0.11292653705805165, 0.12098536225957168, 0.1141556783681387,
         0.0971381967494188, 0.07549265397319758, 0.05399096651318804, 0.03570710831512582, 0.021910375616960655,
         0.012503648439687693, 0.006647772617907014, 0.0032972030931121285, 0.0015271947163300842,
         0.0006611169044389614},
        {-0.39894228040143265, -0.3866681168028492, -0.35206532676429947, -0.30113743215480443, -0.24197072451914337,
         -0.18264908538902191, -0.12951759566589172, -0.08627731882651152, -0.05399096651318805, -0.03173965183566742,
         -0.017528300493568537, -0.009093562501591053, -0.0044318484119380075, -0.0020290480572997677,
         -0.00087268269504576, -0.0003525956823674454}};
    alignas(64) static constexpr double high[16] = {0.5,
                                                    0.4012936743170763,
                                                    0.3085375387259869,
                                                    0.2266273523768682,
                                                    0.15865525393145705,
                                                    0.10564977366685525,
                                                    0.06680720126885807,
                                                    0.04005915686381709,
                                                    0.02275013194817921,
                                                    0.012224472655044703,
                                                    0.006209665325776135,
                                                    0.002979763235054557,
                                                    0.0013498980316300946,
                                                    0.000577025042390767,
                                                    0.00023262907903552504,
                                                    8.841728520080387e-05};
    alignas(64) static constexpr double low[16] = {
        1.5930919111324523e-58,  -2.299064655066249e-17, 1.4585652556093332e-17, -8.103747487687206e-18,
        4.943517487409341e-18,   3.727188223160266e-18,  -5.313371418929679e-18, -2.3709758666657947e-18,
        -1.3823171007874345e-18, 5.33881735516481e-19,   3.0622935709455127e-19, -8.261028179157197e-20,
        -5.1342346717950725e-20, 3.940121939710763e-20,  -8.47149696614861e-21,  -7.773640359679613e-22};
};
template <>
struct GeluTable<float> {
    static constexpr int count = 6;
    alignas(64) static constexpr float slope[count][16] = {
        {0.0F, 0.0019240623F, 0.003061864F, 0.0030320322F, 0.0020131418F, 0.0005777703F, -0.0006529305F, -0.0013048757F,
         -0.0013466268F, -0.0009905974F, -0.00051426137F, -0.00012060146F, 0.00010960708F, 0.00019108265F,
         0.00018028532F, 0.0001324592F},
        {-0.009941152F, -0.008445308F, -0.004575267F, 0.00013768555F, 0.004011888F, 0.0059649628F, 0.005853529F,
         0.0043059685F, 0.002252826F, 0.00046902956F, -0.0006592659F, -0.001117848F, -0.0011056504F, -0.00086519483F,
         -0.0005791887F, -0.00034278145F},
        {0.0F, -0.011831591F, -0.020170335F, -0.02293814F, -0.020164201F, -0.013674913F, -0.0060711745F, 0.00039315232F,
         0.0044992226F, 0.006137152F, 0.0059340657F, 0.0047540017F, 0.0033238956F, 0.0020779304F, 0.0011772148F,
         0.00060946716F},
        {0.06649013F, 0.060416695F, 0.044008095F, 0.02195801F, 1.6362024e-07F, -0.017123178F, -0.026982713F,
         -0.029657789F, -0.026995508F, -0.021490445F, -0.015337319F, -0.009946123F, -0.005909149F, -0.0032337983F,
         -0.0016362756F, -0.0007676237F},
        {0.0F, 0.048333514F, 0.08801633F, 0.112926535F, 0.12098536F, 0.11415568F, 0.097138196F, 0.07549266F,
         0.053990968F, 0.03570711F, 0.021910375F, 0.012503648F, 0.0066477726F, 0.003297203F, 0.0015271947F,
         0.0006611169F},
        {-0.3989423F, -0.38666812F, -0.35206532F, -0.30113742F, -0.24197072F, -0.18264909F, -0.1295176F, -0.08627732F,
         -0.053990968F, -0.031739652F, -0.017528301F, -0.009093562F, -0.0044318484F, -0.002029048F, -0.0008726827F,
         -0.0003525957F}};
    alignas(64) static constexpr float high[16] = {0.5F,         0.40129367F,    0.30853754F,    0.22662735F,
                                                   0.15865526F,  0.10564978F,    0.0668072F,     0.040059157F,
                                                   0.022750132F, 0.012224473F,   0.0062096654F,  0.0029797633F,
                                                   0.001349898F, 0.00057702506F, 0.00023262909F, 8.8417284e-05F};
    alignas(64) static constexpr float low[16] = {
        0.0F,           9.146406e-09F,   -4.09399e-09F,   2.5233526e-09F,  -2.1014868e-09F,
        -3.089908e-09F, -1.7259654e-09F, 1.4794718e-10F,  1.6230961e-10F,  -4.041327e-10F,
        -1.179721e-10F, -8.279866e-11F,  -2.3565714e-11F, -1.4891532e-11F, -6.0405166e-12F,
        1.0683568e-12F};
};

/// Two neighbouring terms of the polynomial.
template <int Entries, class T, class A>
GRAM_INLINE xsimd::batch<T, A> gelu_slopes(int i, const xsimd::batch<T, A>& key, const xsimd::batch<T, A>& t) {
    return simd::fma(lookup<Entries>(GeluTable<T>::slope[i], key), t, lookup<Entries>(GeluTable<T>::slope[i + 1], key));
}
/// x Phi(x), but perhaps for the sign of zero, for |x| = a below 3.875; with Entries = 8 below 1.625. That takes half
/// of each table and no highest power, which is 0 there, and gives the same.
template <int Entries, class T, class A>
GRAM_INLINE xsimd::batch<T, A> gelu_near(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& a) {
    using P = xsimd::batch<T, A>;
    using Table = GeluTable<T>;
    // Pushes quarters into the lowest bits.
    const P magic(sizeof(T) == 8 ? static_cast<T>(0x1.8p50) : static_cast<T>(0x1.8p21));
    const P key = a + magic, t = a - (key - magic), square = t * t;  // t is exact
    P sum;
    if constexpr (sizeof(T) == 8) {
        sum = Entries == 8 ? lookup<Entries>(Table::slope[1], key) : gelu_slopes<Entries>(0, key, t);
        sum = simd::fma(sum, square, gelu_slopes<Entries>(2, key, t));
        sum = simd::fma(sum, square, gelu_slopes<Entries>(4, key, t));
        sum = simd::fma(sum, square, gelu_slopes<Entries>(6, key, t));
        sum = simd::fma(sum, square, gelu_slopes<Entries>(8, key, t));
    } else {
        sum = lookup<Entries>(Table::slope[0], key);
        sum = simd::fma(sum, square, gelu_slopes<Entries>(1, key, t));
        sum = simd::fma(sum, square, gelu_slopes<Entries>(3, key, t));
    }
    const P q = simd::fma(sum, t, lookup<Entries>(Table::slope[Table::count - 1], key));
    const P high = lookup<Entries>(Table::high, key), p = simd::fma(q, t, high);
    // What p loses in rounding is carried along where the result is not at least half of x.
    const P lost = simd::fma(q, t, high - p), low = lookup<Entries>(Table::low, key), zero = P(T(0));
    const P rest = simd::fma(a, lost, a * low);
    return simd::fnma(a, p, simd::select(x < zero, zero - rest, x));
}
/// |x Phi(x)| for a from 3.875 to where x Phi(x) is 0 for negative x.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> gelu_far(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& a) {
    using P = xsimd::batch<T, A>;
    const P square = a * a, lost = simd::fnma(a, a, square), half = P(T(0.5));
    const auto e = ExpByLookup<T, A>::of(square * P(T(-0.5)), lost * half);
    const P w = P(T(1)) / (square + P(T(sizeof(T) == 8 ? 7 : 4)));
    const P root(sizeof(T) == 8 ? T(0.3989422804014327) : T(0.3989423F)),
        root_lost(sizeof(T) == 8 ? T(-2.49232720227773e-17) : T(-1.133517e-08F));  // of 1 / (2 pi)
    P q;
    if constexpr (sizeof(T) == 8) {
        q = polynomial_of_pairs(w, -414534591370.0201, 106166574472.20024, -16564893233.806007, 1494621628.9914978,
                                -132985659.47629336, 5570687.729381223, -811682.8391269713, -26771.625951749145,
                                -11234.34773081105, -1385.1487662701452, -279.2594945534861, -44.68153572423172,
                                -8.776730168235575, -1.595769121606296, -0.3989422804014325);
    } else {
        q = polynomial_of_pairs(w, -45.375156, 0.98195964, -2.7748382, -0.39908984, -0.39894187);
    }
    // What h and its product with e^(-a²/2) lose in rounding is carried along.
    const P h = simd::fma(w, q, root), h_lost = simd::fma(w, q, root - h) + root_lost;
    const P head = h * e.high, head_lost = simd::fma(h, e.high, P(T(0)) - head);
    const P rest = simd::fma(h, e.beyond(), simd::fma(h_lost, e.high, head_lost));
    const P tail = scaled(head + rest, e.n);
    return simd::select(x < P(T(0)), tail, x - tail);
}

/// x Phi(x). Lanes are the same whatever is in the others. Not inlined: x is passed in its register.
template <class T, class A>
[[gnu::noinline]] xsimd::batch<T, A> gelu_by_lookup(xsimd::batch<T, A> x) {
    using P = xsimd::batch<T, A>;
    const P a = simd::abs(x);
    const auto far = a >= P(T(3.875));  // false for NaN
    if (!simd::any(far)) {
        if constexpr (sizeof(T) == 8) {
            if (simd::all(a < P(T(1.625)))) return with_sign_of(gelu_near<8>(x, a), x);
        }
        return with_sign_of(gelu_near<16>(x, a), x);
    }
    const P y = gelu_far(x, simd::min(P(sizeof(T) == 8 ? T(40) : T(15)), a));
    return with_sign_of(simd::all(far) ? y : simd::select(far, y, gelu_near<16>(x, a)), x);
}

}  // namespace gram::simd::detail
