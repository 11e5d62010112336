"""Linear programs on HiGHS."""

import highspy
import numpy as np
from scipy import sparse

# What is further from a whole number than this is not taken for it.
NEAR = 1e-6


def program(
    matrix: sparse.csc_array, rows: tuple[np.ndarray, np.ndarray], columns: tuple[np.ndarray, np.ndarray]
) -> highspy.Highs:
    """A program without an objective: rows[0] <= matrix @ x <= rows[1] and columns[0] <= x <= columns[1]."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.zeros(matrix.shape[1])
    lp.col_lower_, lp.col_upper_ = (each.astype(float) for each in columns)
    lp.row_lower_, lp.row_upper_ = rows
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data.astype(float)
    made = highspy.Highs()
    made.setOptionValue("output_flag", False)
    made.setOptionValue("threads", 1)
    made.setOptionValue("presolve", "off")
    made.passModel(lp)
    return made


def solved(made: highspy.Highs, size: int, places: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """The solution with the least costs; the program goes on from the one before."""
    every = np.zeros(size)
    every[places] = costs
    made.changeColsCost(size, np.arange(size, dtype=np.int32), every)
    made.run()
    status = made.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"A linear program ended as {status}.")
    return np.array(made.getSolution().col_value)
