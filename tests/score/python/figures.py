"""The scores of the sets that sets.hpp makes, by the packages torch-fidelity, clean-fid, prdc and torchmetrics.

usage: python tests/score/python/figures.py print          # the values in tests/score/recorded.cpp, and the packages'
       python tests/score/python/figures.py check FIGURES  # compares them with what figures.cpp prints
Needs torch, numpy, scipy and the four packages. No network is used: the packages' functions take features.
"""

import contextlib
import io
import sys

import numpy as np
import prdc
import scipy.stats
import torch
from cleanfid import fid as cleanfid
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric
from torchmetrics.image.fid import _compute_fid
from torchmetrics.image.kid import poly_mmd


def philox(counters, key):
    """Philox 4x32-10 of the counters (i, 0, 0, 0)."""
    low = np.uint64(0xFFFFFFFF)
    words = [counters.astype(np.uint64)] + [np.zeros(len(counters), np.uint64) for _ in range(3)]
    keys = [np.uint64(key & 0xFFFFFFFF), np.uint64(key >> 32)]
    for _ in range(10):
        a = np.uint64(0xD2511F53) * words[0]
        b = np.uint64(0xCD9E8D57) * words[2]
        words = [(b >> np.uint64(32)) ^ words[1] ^ keys[0], b & low, (a >> np.uint64(32)) ^ words[3] ^ keys[1], a & low]
        keys = [(keys[0] + np.uint64(0x9E3779B9)) & low, (keys[1] + np.uint64(0xBB67AE85)) & low]
    return words


def made_features(count, width, seed, scale=1.0, shift=0.0):
    words = philox(np.arange(count * width), seed)
    sums = sum((word >> np.uint64(8)).astype(np.float64) * 2.0**-24 for word in words) - 2
    return (scale * sums + shift).reshape(count, width)


def root_of_covariance(features):
    centred = (features - features.mean(axis=0)) / np.sqrt(len(features) - 1)
    return np.linalg.qr(centred, mode="r")


def frechet(real, generated):
    """By the nuclear norm of the product of the covariances' roots, which needs no root of an eigenvalue."""
    mean = real.mean(axis=0) - generated.mean(axis=0)
    r1, r2 = root_of_covariance(real), root_of_covariance(generated)
    nuclear = np.linalg.svd(r1 @ r2.T, compute_uv=False).sum()
    return mean @ mean + (r1**2).sum() + (r2**2).sum() - 2 * nuclear


def clean_fid_frechet(real, generated):
    moments = [(x.mean(axis=0), np.cov(x, rowvar=False)) for x in (real, generated)]
    return cleanfid.frechet_distance(*moments[0], *moments[1])


def torch_fidelity_frechet(real, generated):
    moments = [fid_features_to_statistics(torch.tensor(x)) for x in (real, generated)]
    return fid_statistics_to_metric(*moments, verbose=False)["frechet_inception_distance"]


def torchmetrics_frechet(real, generated):
    moments = [(torch.tensor(x.mean(axis=0)), torch.tensor(np.cov(x, rowvar=False))) for x in (real, generated)]
    return float(_compute_fid(*moments[0], *moments[1]))


def sets(name, real, generated, k):
    """Yields (figure, package, value, tolerance)."""
    # Of sets of few rows the covariances are singular, and the packages take roots of eigenvalues that should be 0: half of
    # the digits are left.
    tolerance = 1e-9 if len(real) > real.shape[1] else 1e-6
    yield f"{name}.frechet", "numpy", frechet(real, generated), 1e-9
    for package, function in (("clean-fid", clean_fid_frechet), ("torch-fidelity", torch_fidelity_frechet),
                              ("torchmetrics", torchmetrics_frechet)):
        yield f"{name}.frechet", package, function(real, generated), tolerance
    count = len(real)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        kid = kid_features_to_metric(torch.tensor(generated), torch.tensor(real), kid_subsets=1, kid_subset_size=count,
                                     verbose=False)
        figures = prdc.compute_prdc(real, generated, k)
        # The generated set comes first. It compares with <=, which differs only where distances are equal.
        balls = prc_features_to_metric(torch.tensor(generated), torch.tensor(real), prc_neighborhood=k,
                                       prc_batch_size=10000, save_cpu_ram=False, verbose=False)
    yield f"{name}.kernel", "torch-fidelity", kid["kernel_inception_distance_mean"], 1e-9
    yield f"{name}.kernel", "clean-fid", cleanfid.kernel_distance(real, generated, 1, count), 1e-9
    yield f"{name}.kernel", "torchmetrics", float(poly_mmd(torch.tensor(real), torch.tensor(generated))), 1e-9
    for figure in ("precision", "recall", "density", "coverage"):
        yield f"{name}.{figure}", "prdc", float(figures[figure]), 1e-12
    for figure in ("precision", "recall"):  # in float32
        yield f"{name}.{figure}", "torch-fidelity", balls[figure], 1e-6


def classes(logits):
    score = isc_features_to_metric(torch.tensor(logits), splits=1, shuffle=False)["inception_score_mean"]
    yield "classes.score", "torch-fidelity", score, 1e-9
    histogram = np.bincount(logits.argmax(axis=1), minlength=logits.shape[1])
    yield "classes.chi_square", "scipy", float(scipy.stats.chisquare(histogram).statistic), 1e-9


def figures():
    yield from sets("normal", made_features(1000, 64, 1), made_features(1000, 64, 2, 1.0625, 0.125), 5)
    yield from sets("few", made_features(60, 84, 3), made_features(60, 84, 4, 1.0625, 0.125), 3)
    yield from classes(made_features(1000, 10, 5, 4.0))


def check(path):
    with open(path, encoding="utf-8") as file:
        ours = {name: float(value) for name, value in (line.split() for line in file)}
    bad = 0
    compared = set()
    for name, package, value, tolerance in figures():
        compared.add(name)
        error = abs(ours[name] - value) / max(abs(value), 1e-300)
        bad += bool(error > tolerance)
        print(f"{name:20} {package:15} {value:.17g}  relative difference {error:.1e}{'  BAD' if error > tolerance else ''}")
    if compared != set(ours):
        sys.exit(f"{path}: found {sorted(ours)}, expected {sorted(compared)}")
    return bad


if __name__ == "__main__":
    if sys.argv[1:] == ["print"]:
        for name, package, value, _ in figures():
            print(f"{name:20} {package:15} {value:.17g}")
    elif len(sys.argv) == 3 and sys.argv[1] == "check":
        sys.exit(1 if check(sys.argv[2]) else 0)
    else:
        sys.exit(__doc__)
