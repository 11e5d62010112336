"""How densely incidents lie over the ground, and how that compares with who is there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage, signal, special

Method = Literal["exact", "binned"]
Floats = NDArray[np.float64]

CELLS_PER_SIDE = 150
CELLS_PER_BANDWIDTH = 5
# Of a box much longer than wide, so that a thin one does not take a million cells.
MOST_CELLS_LONGWAYS = 1000
LEAST_CELL = 1.0
MOST_CELLS = 1_000_000

MOST_PAIRS = 5_000_000
BINS_PER_BANDWIDTH = 16
SQUARE_METRES = 1_000_000
# Of the kernel at a bandwidth of 1: the integral of its square, as ∫ k² = ROUGHNESS / h².
ROUGHNESS = 9 / (5 * math.pi)
LEAST_EXPECTED = 1e-9


@dataclass(frozen=True)
class Cells:
    """
    The square cells that an outline touches: centre (metres), column and row (from the south-west corner at left
    and bottom) and the share of each cell's area that lies inside.
    """

    x: Floats
    y: Floats
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    share: Floats
    size: float
    left: float
    bottom: float
    columns: int
    rows: int


@dataclass(frozen=True)
class Sane:
    """A size of cell and a bandwidth to begin with, metres."""

    cell: float
    bandwidth: float


@dataclass(frozen=True)
class Surface:
    """
    density: incidents per km², one per cell. method: "exact", or "binned" with error, the most by which any
    cell can be off (per km²). Incidents: counted in the surface; outside, placed but in no cell; unplaced.
    """

    density: Floats
    bandwidth: float
    edge: bool
    method: Method
    error: float
    counted: float
    outside: float
    unplaced: float


@dataclass(frozen=True)
class RelativeRisk:
    """
    One value per cell: ratio of the two densities, its logarithm, and p, two-sided, of a ratio of 1; all nan where
    too_thin. expected: incidents about the cell if they followed the base. total and base_total: those compared.
    """

    ratio: Floats
    log_ratio: Floats
    p: Floats
    expected: Floats
    too_thin: NDArray[np.bool_]
    bandwidth: float
    total: float
    base_total: float


def sane(bounds: Sequence[float]) -> Sane:
    """
    Which size of cell and which bandwidth are a sensible start?

    cell = shorter side of the box / 150, but at least longer side / 1,000 and 1 metre; bandwidth = 5 × cell

    Parameters: bounds, metres: left, bottom, right, top; nan where there is nothing to bound.
    Result: metres, never 0; the bandwidth is never less than the cell.
    Misleads if taken for the right answer: no bandwidth is. Look at a half and a double of it too.
    Reference: Chainey and Ratcliffe 2005, GIS and Crime Mapping; Chainey 2013, BSGLg 60, 7-19, on both.

    >>> sane((0, 0, 15_000, 13_650))
    Sane(cell=91.0, bandwidth=455.0)
    """
    left, bottom, right, top = (float(side) for side in bounds)
    shorter, longer = sorted(side if side > 0 else 0.0 for side in (right - left, top - bottom))
    cell = max(shorter / CELLS_PER_SIDE, longer / MOST_CELLS_LONGWAYS, LEAST_CELL)
    return Sane(cell, CELLS_PER_BANDWIDTH * cell)


def cells_over(outline: shapely.Geometry, size: float) -> Cells:
    """
    Which square cells cover an area, and how much of each lies inside it?

    The fewest whole columns and rows that cover the outline's box, centred on it; share = area inside / size².

    Parameters: outline, a polygon or several, metres; size, of a cell's side, metres, more than 0.
    Result: the Cells with a share above 0, row by row from the south-west; none for an empty outline.
    Misleads if cells at the edge are read as whole ones: weigh them by their share.
    Reference: Chainey and Ratcliffe 2005, on grids for crime maps.

    >>> cells = cells_over(shapely.box(0, 0, 1000, 500), 500)
    >>> cells.x.tolist(), cells.share.tolist()
    ([250.0, 750.0], [1.0, 1.0])
    """
    if not size > 0:
        raise ValueError("A cell needs a size above 0.")
    left, bottom, columns, rows = _frame(outline, size)
    if columns * rows > MOST_CELLS:
        raise ValueError(f"{columns * rows:,} cells are too many: take larger ones.")
    row, column = (part.ravel() for part in np.indices((rows, columns)))
    x = np.asarray(left + (column + 0.5) * size, dtype=float)
    y = np.asarray(bottom + (row + 0.5) * size, dtype=float)
    share = _share_inside(outline, x, y, size)
    kept = share > 0
    return Cells(x[kept], y[kept], column[kept], row[kept], share[kept], float(size), left, bottom, columns, rows)


def density(
    x: ArrayLike,
    y: ArrayLike,
    cells: Cells,
    bandwidth: float,
    weights: ArrayLike | None = None,
    edge: bool = False,
    method: Method | None = None,
) -> Surface:
    """
    How densely do incidents lie around each cell?

    density = Σ weight × k(d) × 1,000,000 with the quartic kernel k(d) = 3/(π h²) (1 - d²/h²)² for d < h, where
    d is from the cell's centre to the incident and h the bandwidth.
    Up to about 40,000 incidents (at a bandwidth of five cells) the sum is exact. Above, each incident is shared among
    the four nearest of fine bins, at most h/16 wide, and the bins are convolved with the kernel. No cell is then off
    by more than `error` = 2 (bin/h)² × 3/(π h²) × the most incidents in any square of about two bandwidths;
    commonly it is a tenth of that.

    Parameters: x and y (n,), metres, nan where a place is not known; cells, from cells_over; bandwidth, metres, not
    below the size of a cell; weights (n,), incidents per point, 1 each where left out, nan = not known; edge, divide
    by the kernel's mass inside the cells and leave out incidents beyond them; method, only to force one.
    Without edge, as is usual in crime mapping, the surface sinks towards the boundary, its sum is that of the
    incidents less what spills over, and incidents just outside count for the cells they reach.
    Result: a Surface, incidents per km², one per cell in the order of cells; 0 everywhere where there are none.
    Misleads by being smooth: a single incident looks like a hill. Show the count; the surface is not evidence.
    Reference: Silverman 1986, Density Estimation, section 4.2; Bailey and Gatrell 1995; Diggle 1985 for edges.

    >>> one = density([500], [250], cells_over(shapely.box(0, 0, 1000, 500), 500), 500)
    >>> one.density.round(3).tolist(), one.method
    ([2.149, 2.149], 'exact')
    """
    if not bandwidth >= cells.size:
        raise ValueError("The bandwidth cannot be less than the size of a cell.")
    east, north, amount, unplaced = _points(x, y, weights)
    inside = _in_cells(east, north, cells)
    used = inside if edge else np.ones(len(east), dtype=bool)
    sums, way, error = _kernel_sums(east[used], north[used], amount[used], cells, bandwidth, method)
    mass = _mass_inside(cells, bandwidth) if edge else np.ones(len(cells.x))
    return Surface(
        density=sums / mass * SQUARE_METRES,
        bandwidth=float(bandwidth),
        edge=edge,
        method=way,
        error=error / float(mass.min(initial=1)) * SQUARE_METRES,
        counted=float(amount[used].sum()),
        outside=float(amount[~inside].sum()),
        unplaced=unplaced,
    )


def relative_risk(
    x: ArrayLike,
    y: ArrayLike,
    base_x: ArrayLike,
    base_y: ArrayLike,
    cells: Cells,
    bandwidth: float,
    weights: ArrayLike | None = None,
    base_weights: ArrayLike | None = None,
    least: float = 1,
) -> RelativeRisk:
    """
    Where are there more incidents than the people there, or the rest of crime there, would lead one to expect?

    ratio = f / g, each density divided by its own total, with one quartic kernel for both, so that the loss at the
    edge cancels. Within a cell's effective reach of (5π/9) h² there are c = f n (9/5π h²)⁻¹ incidents and likewise
    d of the base; p is twice the smaller tail of Binomial(c + d, n / (n + m)) at c, at most 1, by the incomplete
    beta function as c and d are not whole. To first order it is the normal test of log(f / g) with variance
    (9/5π h²) (1/n f + 1/m g), but it stands where there is no incident at all.

    Parameters: x, y (n,) incidents and base_x, base_y (m,), metres, nan where not known; the base are people
    (base_weights per point) or other crimes, without the incidents themselves; cells; bandwidth, metres; weights,
    1 each where left out; least, incidents expected from the base below which nothing is said (nan).
    Result: a RelativeRisk, one value per cell; ratio 0 and log_ratio -inf where no incident is near. Points in no
    cell are left out. All nan where either side is empty. p is of one cell: correct it for their number.
    Misleads where residents are not those present (town centres), and where a population point stands for a large
    area: the base is then smoother or lumpier than people are.
    Reference: Kelsall and Diggle 1995, Bernoulli 1, 3-16; Hazelton and Davies 2009, Biometrical Journal 51, 98-109.

    >>> cells = cells_over(shapely.box(0, 0, 1000, 500), 500)
    >>> risk = relative_risk([250] * 9 + [750], [250] * 10, [250] * 5 + [750] * 5, [250] * 10, cells, 500)
    >>> risk.ratio.round(6).tolist()
    [1.8, 0.2]
    """
    cases, total = _normalised(x, y, weights, cells, bandwidth)
    base, base_total = _normalised(base_x, base_y, base_weights, cells, bandwidth)
    reach = bandwidth**2 / ROUGHNESS
    expected = total * base * reach
    too_thin = np.asarray(expected < max(least, LEAST_EXPECTED))
    ratio = np.divide(cases, base, out=np.full(len(base), np.nan), where=~too_thin)
    with np.errstate(divide="ignore"):
        log_ratio = np.log(ratio)
    p = _two_tails(total * cases * reach, base_total * base * reach, total, base_total)
    return RelativeRisk(
        ratio=ratio,
        log_ratio=log_ratio,
        p=np.where(too_thin, np.nan, p),
        expected=expected,
        too_thin=too_thin,
        bandwidth=float(bandwidth),
        total=total,
        base_total=base_total,
    )


def _frame(outline: shapely.Geometry, size: float) -> tuple[float, float, int, int]:
    """Left, bottom, columns and rows; centred, so that turning or mirroring the outline does the same to its cells."""
    if outline.is_empty:
        return 0.0, 0.0, 0, 0
    left, bottom, right, top = outline.bounds
    # A side of whole cells but for rounding takes no further cell.
    columns, rows = (max(1, math.ceil(side / size - 1e-6)) for side in (right - left, top - bottom))
    return (left + right - columns * size) / 2, (bottom + top - rows * size) / 2, columns, rows


def _share_inside(outline: shapely.Geometry, x: Floats, y: Floats, size: float) -> Floats:
    squares = shapely.box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    shapely.prepare(outline)
    whole = shapely.covers(outline, squares)
    cut = ~whole & shapely.intersects(outline, squares)
    share = whole.astype(float)
    share[cut] = np.minimum(shapely.area(shapely.intersection(squares[cut], outline)) / size**2, 1)
    return share


def _points(x: ArrayLike, y: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats, Floats, float]:
    """The points that have a place and a weight, and the incidents that have no place."""
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    amount = np.ones(east.shape) if weights is None else np.nan_to_num(np.asarray(weights, dtype=float), nan=0)
    if (amount < 0).any():
        raise ValueError("A point cannot weigh less than nothing.")
    placed = np.isfinite(east) & np.isfinite(north)
    return east[placed], north[placed], amount[placed], float(amount[~placed].sum())


def _in_cells(east: Floats, north: Floats, cells: Cells) -> NDArray[np.bool_]:
    covered = np.zeros((cells.rows, cells.columns), dtype=bool)
    covered[cells.row, cells.column] = True
    column, row = _place((east - cells.left) / cells.size), _place((north - cells.bottom) / cells.size)
    framed = (column >= 0) & (column < cells.columns) & (row >= 0) & (row < cells.rows)
    inside = np.zeros(len(east), dtype=bool)
    inside[framed] = covered[row[framed], column[framed]]
    return inside


def _place(position: Floats) -> NDArray[np.int64]:
    return np.floor(position).astype(np.int64)


def _kernel_sums(
    east: Floats, north: Floats, amount: Floats, cells: Cells, bandwidth: float, method: Method | None
) -> tuple[Floats, Method, float]:
    """Per square metre, with the way it was reckoned and the most it can be off."""
    if not len(cells.x):
        return np.zeros(0), method or "exact", 0.0
    pairs = len(east) * (2 * _reach(cells, bandwidth) + 1) ** 2
    if method == "exact" or (method is None and pairs <= MOST_PAIRS):
        return _exact(east, north, amount, cells, bandwidth), "exact", 0.0
    sums, error = _binned(east, north, amount, cells, bandwidth)
    return sums, "binned", error


def _reach(cells: Cells, bandwidth: float) -> int:
    """How many cells off an incident's own a cell's centre can lie and still be reached."""
    return int(bandwidth / cells.size + 0.5)


def _exact(east: Floats, north: Floats, amount: Floats, cells: Cells, bandwidth: float) -> Floats:
    """Every incident, offset by offset of the cells it may reach: no more memory than a few numbers per incident."""
    across, up = (east - cells.left) / cells.size, (north - cells.bottom) / cells.size
    own_column, own_row = _place(across), _place(up)
    total = np.zeros(cells.rows * cells.columns)
    offsets = range(-_reach(cells, bandwidth), _reach(cells, bandwidth) + 1)
    for column in (own_column + offset for offset in offsets):
        for row in (own_row + offset for offset in offsets):
            framed = (column >= 0) & (column < cells.columns) & (row >= 0) & (row < cells.rows)
            squared = ((column + 0.5 - across) ** 2 + (row + 0.5 - up) ** 2)[framed] * cells.size**2
            at = (row * cells.columns + column)[framed]
            total += np.bincount(at, amount[framed] * _quartic(squared, bandwidth), minlength=len(total))
    return total[cells.row * cells.columns + cells.column]


def _binned(east: Floats, north: Floats, amount: Floats, cells: Cells, bandwidth: float) -> tuple[Floats, float]:
    # Odd, so that the middle bin of a cell has the cell's own centre.
    fine = 2 * math.ceil((BINS_PER_BANDWIDTH * cells.size / bandwidth - 1) / 2) + 1
    width = cells.size / fine
    margin = int(bandwidth / width) + 1
    shape = (cells.rows * fine + 2 * margin, cells.columns * fine + 2 * margin)
    across, up = ((east - cells.left) / width - 0.5 + margin, (north - cells.bottom) / width - 0.5 + margin)
    bins = _shared_out(across, up, amount, shape)
    steps = np.arange(-margin, margin + 1) * width
    surface = signal.fftconvolve(bins, _quartic(steps[:, None] ** 2 + steps**2, bandwidth), mode="valid")
    # What the Fourier transform leaves where there is nothing.
    surface[surface < 1e-12 * surface.max()] = 0
    near = ndimage.uniform_filter(bins, 2 * margin + 1, mode="constant").max() * (2 * margin + 1) ** 2
    error = 2 * (width / bandwidth) ** 2 * float(_quartic(np.zeros(1), bandwidth)[0] * near)
    return surface[fine // 2 :: fine, fine // 2 :: fine][cells.row, cells.column], error


def _shared_out(across: Floats, up: Floats, amount: Floats, shape: tuple[int, int]) -> Floats:
    """Each incident among the four bins whose centres are nearest, by how near: it keeps its centre of gravity."""
    column, row = _place(across), _place(up)
    framed = (column >= 0) & (column < shape[1] - 1) & (row >= 0) & (row < shape[0] - 1)
    column, row, amount = column[framed], row[framed], amount[framed]
    right, above = across[framed] - column, up[framed] - row
    bins = np.zeros(shape[0] * shape[1])
    for over, part in ((0, 1 - right), (1, right)):
        for upward, share in ((0, 1 - above), (1, above)):
            at = (row + upward) * shape[1] + column + over
            bins += np.bincount(at, amount * part * share, minlength=len(bins))
    return bins.reshape(shape)


def _quartic(squared: Floats, bandwidth: float) -> Floats:
    return 3 / (math.pi * bandwidth**2) * np.maximum(1 - squared / bandwidth**2, 0) ** 2


def _mass_inside(cells: Cells, bandwidth: float) -> Floats:
    """The kernel's mass inside the outline, seen from each cell; against the same sum over cells without end."""
    inside, *_ = _kernel_sums(cells.x, cells.y, cells.share, cells, bandwidth, None)
    steps = np.arange(-_reach(cells, bandwidth), _reach(cells, bandwidth) + 1) * cells.size
    return inside / _quartic(steps[:, None] ** 2 + steps**2, bandwidth).sum()


def _normalised(
    x: ArrayLike, y: ArrayLike, weights: ArrayLike | None, cells: Cells, bandwidth: float
) -> tuple[Floats, float]:
    """The density of one of the points, per square metre, and how many there are; all 0 where there are none."""
    east, north, amount, _ = _points(x, y, weights)
    inside = _in_cells(east, north, cells)
    surface = density(east[inside], north[inside], cells, bandwidth, amount[inside])
    return surface.density / SQUARE_METRES / (surface.counted or 1), surface.counted


def _two_tails(cases: Floats, base: Floats, total: float, base_total: float) -> Floats:
    """Of so many cases, or so few, beside so many of the base, where neither number need be whole."""
    if not total or not base_total:
        return np.full(len(cases), np.nan)
    share = total / (total + base_total)
    as_many = np.where(cases > 0, special.betainc(np.maximum(cases, 1e-300), base + 1, share), 1)
    as_few = np.where(base > 0, special.betaincc(cases + 1, np.maximum(base, 1e-300), share), 1)
    return np.minimum(2 * np.minimum(as_many, as_few), 1)
