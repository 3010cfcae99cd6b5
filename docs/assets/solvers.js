// The problems of the articles, solved here and now. Vectors are arrays, matrices arrays of rows; tests/test_live.py
// holds all of it against figures/models.
//
//   minimise over w:   1/(2n) |y - X w|² + λ (ρ |w|₁ + (1 - ρ)/2 |w|²)      ρ = 1 is the lasso, ρ = 0 ridge
//
// With G = X'X/n, c = X'y/n and q = y'y/n the loss is q/2 - c'w + w'Gw/2: no step looks at the n rows again.

const GAP = 1e-9 // duality gap, as a share of y'y/n, where an iteration stops
const MANY = 500 // sweeps; only where columns are collinear has it not ended before
const dot = (a, b) => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
export const times = (A, b) => A.map(row => dot(row, b))

// Columns of mean 0 and variance 1, y of mean 0, all by the training rows; the moments of both parts.
export function moments(X, y, isTest = () => false) {
  const train = X.map((_, i) => i).filter(i => !isTest(i)), test = X.map((_, i) => i).filter(isTest)
  const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length
  const centre = X[0].map((_, j) => mean(train.map(i => X[i][j])))
  const scale = X[0].map((_, j) => Math.sqrt(mean(train.map(i => (X[i][j] - centre[j]) ** 2))) || Infinity)
  const level = mean(train.map(i => y[i]))
  const of = rows => {
    const Z = centre.map((m, j) => rows.map(i => (X[i][j] - m) / scale[j])), t = rows.map(i => y[i] - level)
    const n = rows.length
    return { G: Z.map(a => Z.map(b => dot(a, b) / n)), c: Z.map(a => dot(a, t) / n), q: dot(t, t) / n }
  }
  return { train: of(train), test: of(test) }
}

// Mean squared error of w.
export const mse = ({ G, c, q }, w) => Math.max(0, q - 2 * dot(c, w) + dot(w, times(G, w)))

// Eigenvalues and eigenvectors of a symmetric matrix: Jacobi (1846), rotations until nothing is left beside the diagonal.
export function eigen(G) {
  const A = G.map(row => [...row]), V = G.map((_, i) => G.map((_, j) => +(i === j)))
  const turn = (M, p, q, c, s) => { for (const row of M) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]] }
  for (let largest = 1, sweep = 0; largest > 1e-15 && sweep < 60; sweep++) {
    largest = 0
    for (let p = 0; p < A.length; p++) for (let q = p + 1; q < A.length; q++) {
      const size = Math.sqrt(Math.abs(A[p][p] * A[q][q])) || 1
      if (Math.abs(A[p][q]) <= 1e-16 * size) continue
      largest = Math.max(largest, Math.abs(A[p][q]) / size)
      const half = (A[q][q] - A[p][p]) / (2 * A[p][q])
      const t = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(half, 1)), c = 1 / Math.hypot(t, 1), s = t * c
      turn(A, p, q, c, s)
      ;[A[p], A[q]] = [A[p].map((a, j) => c * a - s * A[q][j]), A[p].map((a, j) => s * a + c * A[q][j])]
      turn(V, p, q, c, s)
    }
  }
  return { values: A.map((row, i) => row[i]), vectors: V[0].map((_, k) => V.map(row => row[k])) }
}

// w(λ) = Σ v (v'c) / (s² + λ); a direction in which the data do not vary stays 0.
export function ridge({ values, vectors }, c, lambda) {
  const none = 1e-12 * Math.max(...values)
  return vectors.reduce((w, v, k) => {
    const along = values[k] > none ? dot(v, c) / (values[k] + lambda) : 0
    return w.map((value, j) => value + along * v[j])
  }, c.map(() => 0))
}

// Coordinate descent (Friedman, Hastie & Tibshirani 2010) from w. Once the signs are right, the weights that are not 0
// solve a linear system: it is solved, and what comes out is taken if it keeps its signs and the others may stay 0.
export function descend({ G, c, q }, l1, l2, start = c.map(() => 0)) {
  const w = [...start], g = c.map((value, j) => value - dot(G[j], w)) // x_j'(y - X w)/n
  for (let sweep = 0; sweep < 100_000; sweep++) {
    const exact = sweep % 4 ? null : onSupport(G, c, l1, l2, w)
    if (exact) return exact
    for (let j = 0; j < w.length; j++) {
      const free = g[j] + G[j][j] * w[j], size = Math.abs(free) - l1
      const next = size > 0 && G[j][j] + l2 > 0 ? Math.sign(free) * size / (G[j][j] + l2) : 0
      const step = next - w[j]
      if (step) for (let i = 0; i < w.length; i++) g[i] -= G[i][j] * step
      w[j] = next
    }
    if (sweep > MANY && gap(c, q, g, w, l1, l2) <= GAP * q) return w
  }
  return w
}

// Objective minus dual objective, of which the minimum lies between.
function gap(c, q, g, w, l1, l2) {
  const r = g.map((value, j) => value - l2 * w[j])
  const cw = dot(c, w), rr = q - cw - dot(w, r) // |residual|²/n, that of √(n λ2) w included
  const s = Math.min(1, l1 / Math.max(...r.map(Math.abs)))
  return rr / 2 + l1 * w.reduce((sum, value) => sum + Math.abs(value), 0) - s * (q - cw) + s * s * rr / 2
}

function onSupport(G, c, l1, l2, w) {
  const on = w.flatMap((value, j) => (value ? [j] : []))
  const found = solve(on.map(i => on.map(j => G[i][j] + (i === j) * l2)), on.map(j => c[j] - l1 * Math.sign(w[j])))
  if (!found || found.some((value, k) => value * w[on[k]] <= 0)) return null
  const exact = w.map(() => 0)
  on.forEach((j, k) => (exact[j] = found[k]))
  const ends = c.every((value, j) => exact[j] || Math.abs(value - dot(G[j], exact)) <= l1 * (1 + 1e-10))
  return ends ? exact : null
}

// A x = b by Cholesky; null where A is not positive definite.
export function solve(A, b) {
  const L = []
  for (const [i, row] of A.entries()) {
    L.push([])
    for (let j = 0; j <= i; j++) {
      const rest = row[j] - dot(L[i].slice(0, j), L[j])
      if (i === j && rest <= 1e-12 * row[i]) return null
      L[i].push(i === j ? Math.sqrt(rest) : rest / L[j][j])
    }
  }
  const x = []
  for (const [i, row] of L.entries()) x.push((b[i] - dot(x, row)) / row[i])
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= L[k][i] * x[k]
    x[i] /= L[i][i]
  }
  return x
}

// One problem at any λ, from where it was the last time.
export function penalised(part, rho) {
  const parts = rho ? null : eigen(part.G)
  let w
  return lambda => (w = parts ? ridge(parts, part.c, lambda) : descend(part, lambda * rho, lambda * (1 - rho), w))
}

// Gradient descent on w'Aw/2 - b'w with momentum μ: v ← μ v + (A w - b), w ← w - η v. All w, from the start on.
export function steps(A, b, start, rate, momentum, count) {
  let v = b.map(() => 0)
  const all = [start]
  for (let k = 0; k < count; k++) {
    const w = all[k]
    v = times(A, w).map((value, j) => momentum * v[j] + value - b[j])
    all.push(w.map((value, j) => value - rate * v[j]))
  }
  return all
}
